import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HttpInterfaceState } from "../shared/console/schema.ts";
import type { CallContext } from "../shared/contract/index.ts";
import type { HttpEnv } from "./bridge/http/request.ts";
import { HttpInterface } from "./http-interface.ts";
import { TokenStore } from "./http-tokens.ts";

const context: CallContext = { transport: "ipc", actor: "operator", scope: "change" };
let directory: string;
let http: HttpInterface;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-http-"));
  http = made("desktop");
});
afterEach(async () => {
  await http.close();
  rmSync(directory, { recursive: true });
});

function made(mode: "desktop" | "headless"): HttpInterface {
  return new HttpInterface({
    mode,
    tokenFile: join(directory, "token"),
    tokens: new TokenStore({
      file: join(directory, "http-tokens.json"),
      usedFile: join(directory, "http-tokens-used.json"),
      now: Date.now,
      onProblem: () => undefined,
    }),
    now: Date.now,
    app: (access) =>
      new Hono<HttpEnv>()
        .get("*", (c) => {
          access.identify(c.req.header("authorization"));
          return c.text("here");
        })
        .onError((_error, c) => c.text("not you", 401)),
  });
}

type State = HttpInterfaceState;
const turn = (on: boolean, port = 0) => http.handlers["console.http.switch"]({ on, port }, context);
const state = () => http.handlers["console.http.get"]({}, context);

describe("the HTTP interface of the desktop application", () => {
  it("is off, and has no token, until it is switched on; then it wants the token of the file", async () => {
    expect(await state()).toEqual({ on: false });
    expect(() => statSync(join(directory, "token"))).toThrow();
    const { address = "", tokenFile = "" } = await turn(true);
    const token = readFileSync(tokenFile, "utf8").trim();
    expect(statSync(tokenFile).mode & 0o077).toBe(0);
    expect((await fetch(`${address}/info`)).status).toBe(401);
    const known = await fetch(`${address}/info`, { headers: { authorization: `Bearer ${token}` } });
    expect(await known.text()).toBe("here");
  });

  it("stays as it is when switched on again, and nobody answers once it is off", async () => {
    const { address = "", port } = await turn(true);
    expect(await turn(true)).toMatchObject({ on: true, port });
    expect(await turn(false)).toEqual({ on: false });
    await expect(fetch(`${address}/info`)).rejects.toThrow();
    expect(await turn(true, port)).toMatchObject({ address });
  });

  it("says that a port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    await expect(turn(true, (other.address() as AddressInfo).port)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/is taken/),
    });
    other.close();
    expect(await state()).toEqual({ on: false });
  });

  it("switched faster than it switches ends as the last one wanted, with no port left open", async () => {
    const states = await Promise.all([
      turn(true),
      turn(false),
      turn(true),
      turn(true),
      turn(false),
      turn(true),
    ]);
    expect(states.map(({ on }) => on)).toEqual([true, false, true, true, false, true]);
    const answers = async ({ address = "" }) => (await fetch(`${address}/info`)).status;
    const [first, , second, third, , last] = states as [State, State, State, State, State, State];
    expect(second).toEqual(third);
    expect(await state()).toEqual(last);
    expect(await answers(last)).toBe(401);
    for (const former of [first, second].filter(({ port }) => port !== last.port))
      await expect(answers(former)).rejects.toThrow();
    expect(await Promise.all([turn(true), turn(false)])).toMatchObject([{ on: true }, { on: false }]);
    await expect(answers(last)).rejects.toThrow();
  });

  it("does not come back once the console has closed it, whoever asked for it before", async () => {
    const [, , late] = await Promise.allSettled([turn(true), http.close(), turn(true)]);
    expect(late).toMatchObject({ status: "rejected", reason: { code: "conflict" } });
    expect(await state()).toEqual({ on: false });
  });

  it("signs in by links only while it is on", async () => {
    const invite = () => http.handlers["console.sessions.invite"]({}, context);
    await expect(async () => invite()).rejects.toMatchObject({ code: "conflict" });
    const { port } = await turn(true);
    expect(await invite()).toMatchObject({
      address: expect.stringMatching(new RegExp(`^http://127.0.0.1:${port}/#token=\\S{40,}$`)),
    });
  });

  it("cannot be switched where it is the only way in", async () => {
    http = made("headless");
    await http.listen(0);
    await expect(turn(false)).rejects.toMatchObject({ code: "conflict" });
    expect(await state()).toMatchObject({ on: true });
  });
});

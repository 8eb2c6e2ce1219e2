import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallContext } from "../shared/contract/index.ts";
import { HttpInterface } from "./http-interface.ts";

const context: CallContext = { transport: "ipc", actor: "operator" };
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
    now: Date.now,
    service: (access) => ({
      admit: () => undefined,
      answer: async ({ headers }, response) => {
        try {
          access.check(headers.authorization, undefined);
          response.end("here");
        } catch {
          response.writeHead(401).end("not you");
        }
      },
    }),
  });
}

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

  it("cannot be switched where it is the only way in", async () => {
    http = made("headless");
    await http.listen(0);
    await expect(turn(false)).rejects.toMatchObject({ code: "conflict" });
    expect(await state()).toMatchObject({ on: true });
  });
});

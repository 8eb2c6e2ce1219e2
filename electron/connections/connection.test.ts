import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Failure } from "../../shared/contract/index.ts";
import { systemClock } from "../upstream/clock.ts";
import { ConnectionManager } from "./manager.ts";
import { memorySecrets } from "./secrets.ts";
import type { SystemModule, SystemModules, SystemSession } from "./system-module.ts";
import { natsModule } from "./testing/nats-module.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** An HTTP server on a port of its own that answers only who knows the word. */
async function listen(port = 0): Promise<{ url: string; port: number; stop: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    response.statusCode = request.headers.authorization === "Bearer right" ? 200 : 401;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const taken = (server.address() as AddressInfo).port;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  ends.push(stop);
  return { url: `http://127.0.0.1:${taken}`, port: taken, stop };
}

function forgeModule(): SystemModule<"forge", SystemSession & { url: string }> {
  const ask = async (url: string, token = ""): Promise<number> => {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).catch(() => {
      throw new Failure({ code: "unreachable", message: "Nobody answers there." });
    });
    if (answer.status === 401) throw new Failure({ code: "unauthenticated", message: "Not known there." });
    return 1;
  };
  return {
    system: "forge",
    connect: async ({ target: { url } }, { token }) => {
      await ask(url, token);
      return { url, server: url, check: () => ask(url, token) };
    },
    diagnose: async ({ target, secrets: { token } }) => {
      const ok = await ask(target.url, token).then(
        () => true,
        () => false,
      );
      return { ok, summary: "", steps: [], hosts: [], lattices: [] };
    },
  };
}

const forge = forgeModule();
const flux = { system: "flux" } as SystemModule<"flux">;

function manager(modules: SystemModules = { forge }): ConnectionManager {
  const store = { load: () => [], put: () => undefined, remove: () => undefined };
  const onError = (error: unknown): void => expect.unreachable(String(error));
  const pace = { openMs: 30, lostMs: 20 };
  const made = new ConnectionManager({
    profiles: store,
    secrets: memorySecrets(),
    clock: systemClock,
    modules,
    pace,
    onError,
  });
  ends.push(() => made.closeAll());
  return made;
}

function draft(url: string) {
  const target = { url, authentication: { method: "bearer" as const } };
  return {
    profile: { name: "Jobs", color: "#4dabf7", environment: "DEV", system: "forge" as const, target },
    secrets: { token: "right", password: "not needed" },
  };
}

describe("a connection made by a module", () => {
  it("opens, notices that the far side is gone and that it is back, and closes", async () => {
    const first = await listen();
    const made = manager();
    await made.save("jobs", draft(first.url));
    expect((await made.open("jobs")).status).toMatchObject({ state: "open", server: first.url });
    expect(made.session("jobs", forge).url).toBe(first.url);
    expect(made.row("jobs").secretsHeld).toEqual(["token"]);

    await first.stop();
    await expect.poll(() => made.row("jobs").status.state).toBe("reconnecting");
    expect(() => made.session("jobs", forge)).toThrow(/is reconnecting, not open/);
    await listen(first.port);
    await expect.poll(() => made.row("jobs").status).toMatchObject({ state: "open", roundTripMs: 1 });

    await made.close("jobs");
    expect(made.row("jobs").status.state).toBe("closed");
    expect(() => made.session("jobs", forge)).toThrow(Failure);
  });

  it("says what a person has to correct, and opens once it is corrected", async () => {
    const { url } = await listen();
    const made = manager();
    await made.save("jobs", { ...draft(url), secrets: { token: "wrong", password: "" } });
    expect((await made.open("jobs")).status).toMatchObject({
      state: "failed",
      failure: { code: "unauthenticated" },
    });
    await made.save("jobs", draft(url));
    await expect.poll(() => made.row("jobs").status.state).toBe("open");
  });

  it("that is not saved is opened and tested with the secrets that came with it, which are kept nowhere", async () => {
    const { url } = await listen();
    const made = manager();
    const { profile } = draft(url);
    const target = { ...profile.target, requestTimeoutMs: 1_000 };
    const rest = { guard: "open", relockMinutes: 0, openAtStart: true, playground: true } as const;
    made.addEphemeral({ ...profile, ...rest, target, id: "jobs" }, { token: "right" });
    await expect.poll(() => made.row("jobs").status.state).toBe("open");
    expect(await made.test("jobs")).toMatchObject({ ok: true });
    expect(made.row("jobs").secretsHeld).toEqual([]);
    await made.remove("jobs");
    expect(made.rows()).toEqual([]);
  });

  it("is not taken for a connection to another system", async () => {
    const { url } = await listen();
    const made = manager();
    await made.save("jobs", draft(url));
    await made.open("jobs");
    expect(() => made.session("jobs", natsModule)).toThrow(/leads to forge, not to lattice/);
    expect(() => made.session("jobs", flux)).toThrow(/leads to forge, not to flux/);
  });

  it("fails plainly where this build has no module", async () => {
    const made = manager({});
    await made.save("jobs", draft("http://127.0.0.1:1"));
    expect((await made.open("jobs")).status).toMatchObject({
      state: "failed",
      failure: { code: "not_found", message: "This version does not support forge." },
    });
  });
});

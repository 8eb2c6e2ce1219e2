import { afterEach, describe, expect, it } from "vitest";
import { ConnectionManager } from "../connections/manager.ts";
import { memorySecrets } from "../connections/secrets.ts";
import { answeringServer } from "../connections/testing/answering-server.ts";
import { allowLinkLocal } from "../upstream/addresses.ts";
import { systemClock } from "../upstream/clock.ts";
import { forgeHttp } from "./client/http.ts";
import { forgeSystem } from "./system.ts";

const refusal = { code: "forbidden", details: { cause: "address", delivered: false } };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  allowLinkLocal(false);
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function answering(status: number, headers: Record<string, string> = {}) {
  const server = await answeringServer(status, { headers, body: "INTERNAL-PAGE" });
  cleanups.push(server.stop);
  return server;
}

const recorder = { record: () => undefined } as never;
function manager(saved: { id: string; body: string }[] = []): ConnectionManager {
  const store = { load: () => saved, put: () => undefined, remove: () => undefined };
  const forge = forgeSystem({ recorder, clock: systemClock, onError: () => undefined });
  const made = new ConnectionManager({
    profiles: store,
    secrets: memorySecrets(),
    clock: systemClock,
    modules: { forge },
    onError: (error) => expect.unreachable(String(error)),
  });
  cleanups.push(() => made.closeAll());
  return made;
}

const settings = (url: string, authentication: object = { method: "bearer" }) =>
  ({ system: "forge", target: { url, authentication, requestTimeoutMs: 3_000 } }) as never;
const secrets = { token: "TOKEN-11", header: "HEADER-22", password: "PASSWORD-33" };
const draft = (url: string, authentication: object) => ({
  profile: {
    name: "Jobs",
    color: "#123456",
    environment: "DEV",
    ...(settings(url, authentication) as object),
  } as never,
  secrets,
});
const header = (name: string) => ({ method: "header", name });

describe("an address of a jobs server", () => {
  it.each(["0.0.0.0", "0", "0x0.0", "[::]", "[::ffff:0.0.0.0]"])(
    "%s is not connected to, and nothing of a page there is shown",
    async (host) => {
      const { port, asked } = await answering(403);
      const url = `http://${host}:${port}/latest/meta-data`;
      const diagnosis = await manager().test("x", { settings: settings(url), secrets });
      expect(diagnosis).toMatchObject({ ok: false, failure: refusal });
      expect(JSON.stringify(diagnosis)).not.toContain("INTERNAL");
      const transport = forgeHttp({ url, authentication: { method: "none" }, requestTimeoutMs: 500 }, {});
      cleanups.push(() => transport.close());
      for (const send of [transport.read.bind(transport), transport.send.bind(transport)])
        await expect(send({ method: "GET", path: "/health" })).rejects.toMatchObject(refusal);
      const made = manager();
      await made.save("jobs", draft(url, { method: "bearer" }));
      expect((await made.open("jobs")).status).toMatchObject({ state: "failed", failure: refusal });
      expect(asked).toEqual([]);
      // Nobody listens there for IPv6.
      if (host === "[::]") return;
      allowLinkLocal(true);
      expect(await manager().test("x", { settings: settings(url), secrets })).toMatchObject({
        failure: { code: "upstream_refused" },
      });
      expect(asked.length).toBeGreaterThan(0);
    },
  );

  it.each(["169.254.169.254", "2852039166", "0251.0376.0251.0376", "[::ffff:a9fe:a9fe]", "100.100.100.200"])(
    "%s is not even tried, with TLS or without",
    async (host) => {
      for (const scheme of ["http", "https"])
        expect(
          await manager().test("x", { settings: settings(`${scheme}://${host}`), secrets }),
        ).toMatchObject({ ok: false, failure: refusal });
    },
  );
});

describe("a test of a jobs server", () => {
  it.each([301, 302, 303, 307, 308])(
    "reads at places of its own, and goes nowhere that a %i sends it",
    async (status) => {
      const other = await answering(200);
      const first = await answering(status, { location: `http://127.0.0.1:${other.port}/latest/meta-data` });
      for (const authentication of [
        { method: "bearer" },
        header("X-Token"),
        { method: "basic", user: "u" },
      ]) {
        const url = `http://127.0.0.1:${first.port}/base`;
        const diagnosis = await manager().test("x", { settings: settings(url, authentication), secrets });
        expect(diagnosis.ok).toBe(false);
      }
      expect(first.asked.length).toBeGreaterThan(0);
      for (const { line } of first.asked) expect(line).toBe("GET /base/health");
      expect(other.asked).toEqual([]);
    },
  );
});

describe("a header of a connection", () => {
  it.each(["Host", "content-length", "Transfer-Encoding", "Cookie", "Metadata-Flavor", "X-Forwarded-Host"])(
    "is not %s: saving and testing name the field, and nothing is sent",
    async (name) => {
      const { port, asked } = await answering(200);
      const url = `http://127.0.0.1:${port}`;
      const refused = {
        code: "invalid_input",
        details: { fields: [{ path: "target.authentication.name" }] },
      };
      const made = manager();
      await expect(made.save("jobs", draft(url, header(name)))).rejects.toMatchObject(refused);
      expect(made.rows()).toEqual([]);
      await expect(
        made.test("jobs", { settings: settings(url, header(name)), secrets }),
      ).rejects.toMatchObject(refused);
      expect(asked).toEqual([]);
    },
  );

  it("that was saved before is told when the connection is opened, and the connection can be mended", async () => {
    const { port, asked } = await answering(200);
    const profile = { ...(draft(`http://127.0.0.1:${port}`, header("Host")).profile as object), id: "old" };
    const saved = { ...profile, guard: "open", relockMinutes: 0, openAtStart: true, playground: false };
    const made = manager([{ id: "old", body: JSON.stringify(saved) }]);
    expect(made.notices).toEqual([]);
    expect((await made.open("old")).status).toMatchObject({
      state: "failed",
      failure: { code: "invalid_input", message: expect.stringContaining("Host") },
    });
    expect(asked).toEqual([]);
    await made.save("old", draft(`http://127.0.0.1:${port}`, header("X-Token")));
    await expect.poll(() => asked[0]?.headers["x-token"]).toBe("HEADER-22");
  });

  it.each(["a\r\nHost: b", "a\tb", "a\u0000", "a\u007f", "a\u0085\n"])(
    "carries no control character (%j)",
    async (value) => {
      const { port, asked } = await answering(200);
      const work = manager().test("x", {
        settings: settings(`http://127.0.0.1:${port}`, header("X-Token")),
        secrets: { header: value },
      });
      expect(await work).toMatchObject({
        ok: false,
        failure: { code: "invalid_input", details: { fields: [{ path: "secrets" }] } },
      });
      expect(asked).toEqual([]);
    },
  );
});

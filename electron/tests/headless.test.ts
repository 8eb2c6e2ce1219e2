import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type NatsConnection } from "nats";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Playground, startPlayground } from "../../playground/playground.ts";
import type { OutputFor } from "../../shared/catalogue.ts";
import type { HostRow, LatticeRow } from "../../shared/lattice/schema.ts";
import { bundleHeadless, HeadlessUnderTest } from "../testing/headless.ts";

let folder: string;
let bundle: string;
let faults: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-headless-test-"));
  faults = join(folder, "faults.cjs");
  writeFileSync(faults, faultsOnSignals);
  bundle = await bundleHeadless(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Errors that nobody catches, whenever the test asks for one. */
const faultsOnSignals = `
process.on("SIGUSR2", () => { throw new RangeError("Invalid time value"); });
process.on("SIGWINCH", () => { throw Object.assign(new Error("database disk image is malformed"), { code: "SQLITE_CORRUPT" }); });
`;

let playground: Playground;
let nats: NatsConnection;
let here: HeadlessUnderTest;
let child: ChildProcess;

beforeEach(async () => {
  playground = await startPlayground({
    calm: true,
    staging: false,
    hosts: 2,
    heartbeatMilliseconds: 60_000,
  });
  nats = await connect({ servers: playground.natsUrl, token: playground.natsToken });
  await startHeadless();
  await call("PUT", "/connections/here", { profile, secrets: { token: playground.natsToken } });
  await call("POST", "/connections/here/open", {});
  await vi.waitFor(async () => expect(await lattice()).toMatchObject({ phase: "live", hosts: { live: 2 } }));
});
afterEach(async () => {
  child.kill("SIGKILL");
  await nats.close();
  await playground.stop();
});

const profile = {
  name: "Here",
  color: "#123456",
  environment: "TEST",
  guard: "open",
  system: "lattice",
  target: { addresses: [""], heartbeatSeconds: 30, authentication: { method: "token" } },
};

async function startHeadless(): Promise<void> {
  const data = mkdtempSync(join(folder, "data-"));
  profile.target.addresses = [playground.natsUrl];
  here = await HeadlessUnderTest.start(bundle, data, { nodeOptions: `--require ${faults}` });
  child = here.child;
}

function call(method: string, path: string, body?: object): Promise<unknown> {
  return here.call(method, path, body);
}

async function lattice(): Promise<LatticeRow | undefined> {
  return ((await call("GET", "/connections/here/lattice/lattices")) as LatticeRow[])[0];
}

const impossible = Number.MAX_SAFE_INTEGER;

function publish(type: string, data: object, source = playground.hosts[0]?.id): void {
  const head = { specversion: "1.0", id: "1", source, time: new Date().toISOString() };
  const envelope = { ...head, type: `com.wasmcloud.lattice.${type}`, data };
  nats.publish(`wasmbus.evt.default.${type}`, JSON.stringify(envelope));
}

test("events whose numbers make no time end nothing: the console lives, and answers", async () => {
  const stranger = `N${"Z".repeat(55)}`;
  const before = (await lattice())?.eventsTotal ?? 0;
  for (const source of [playground.hosts[0]?.id, stranger]) {
    const started = { friendly_name: "old", labels: {}, version: "1.9.2", uptime_seconds: impossible };
    publish("host_started", started, source);
    const empty = { host_id: source, friendly_name: "old", labels: {}, components: [], providers: [] };
    publish("host_heartbeat", { ...empty, version: "1.9.2", uptime_seconds: impossible }, source);
  }
  await nats.flush();
  await vi.waitFor(async () => expect((await lattice())?.eventsTotal).toBe(before + 4));
  const hosts = (await call("GET", "/connections/here/lattice/hosts")) as HostRow[];
  expect(hosts.map(({ id }) => id)).toEqual(expect.arrayContaining(playground.hosts.map(({ id }) => id)));
  for (const { startedAt } of hosts) expect(startedAt).toMatch(/^\d{4}-/);
  expect(child.exitCode).toBeNull();
  expect(here.output).not.toMatch(/RangeError|uncaught/);
});

test("an error that nobody caught is told in the console's notices, and the console goes on", async () => {
  for (let count = 0; count < 3; count += 1) child.kill("SIGUSR2");
  const info = async () => (await call("GET", "/info")) as OutputFor<"console.info">;
  await vi.waitFor(async () => expect((await info()).notices).toHaveLength(1));
  expect((await info()).notices[0]).toMatch(/unexpected error.*went on: Invalid time value/);
  expect(await lattice()).toMatchObject({ phase: "live" });
});

test("an error after which nothing can be relied on ends the process, with a line that says so", async () => {
  const ended = once(child, "exit");
  child.kill("SIGWINCH");
  expect(await ended).toEqual([1, null]);
  expect(here.output).toMatch(/^Switchyard has to end: database disk image is malformed$/m);
});

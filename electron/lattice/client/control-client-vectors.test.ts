import { connect, type NatsConnection } from "nats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestBench, type TestBench } from "../../../playground/lattice/testing/wire-probe.ts";
import { ControlClient } from "./control-client.ts";

/** Rows of wasmcloud-control Appendix B in their order, on one simulated 1.9.2 host; a row builds on the ones before. No client can send row 52. */
let bench: TestBench;
let nats: NatsConnection;
let client: ControlClient;
let hostId: string;

beforeAll(async () => {
  bench = await startTestBench();
  nats = await connect({ servers: bench.server.url });
  client = new ControlClient(nats, { lattice: "default", auctionTimeoutMs: 150 });
  hostId = bench.host.id;
});
afterAll(async () => {
  await nats.close();
  await bench.close();
});

/** Runs one call and gives its reply with the events of the host between them, as `type` or `type field=value`. */
async function observe<T>(
  call: () => Promise<T>,
): Promise<{ reply: T; events: [string, Record<string, unknown>][] }> {
  await bench.probe.fence();
  const before = bench.probe.allEvents.length;
  const reply = await call();
  await bench.probe.fence();
  const seen = bench.probe.allEvents.slice(before);
  const real = seen.filter(({ data }) => !String(data.config_name).startsWith("fence-"));
  return { reply, events: real.map(({ type, data }) => [type, data]) };
}

async function component(id: string): Promise<unknown> {
  const inventory = await client.getHostInventory(hostId);
  return inventory.response?.components.find((candidate) => candidate.id === id);
}

const scale = (imageReference: string, maxInstances: number, more: object = {}) =>
  client.scaleComponent({ hostId, componentId: "a", imageReference, maxInstances, config: [], ...more });
const yes = (message = "") => ({ success: true, message });
const no = (message: string) => ({ success: false, message });
const scaled = (max_instances: number, image_ref: string, more: object = {}) => [
  "component_scaled",
  expect.objectContaining({ component_id: "a", max_instances, image_ref, ...more }),
];

describe("hosts and auctions", () => {
  it("row 1: a ping is answered by the host", async () => {
    const { replies, ended, refusals, skipped } = await client.getHosts();
    expect({ ended, refusals, skipped }).toEqual({ ended: "window", refusals: [], skipped: 0 });
    expect(replies).toEqual([
      expect.objectContaining({
        id: hostId,
        lattice: "default",
        version: "1.9.2",
        controlHost: bench.server.url,
      }),
    ]);
    expect(replies[0]?.labels).toMatchObject({ zone: "eu-1", "hostcore.os": "linux" });
  });

  it("row 2: a fresh host has an empty inventory", async () => {
    const reply = await client.getHostInventory(hostId);
    expect(reply.response).toMatchObject({
      hostId,
      components: [],
      providers: [],
      skipped: 0,
      version: "1.9.2",
    });
  });

  it("rows 4 and 5: only matching labels bid, and the wrong id of a bid is not shown (trap 5)", async () => {
    const auction = { imageReference: "R1", componentId: "a" };
    const { replies } = await client.auctionComponent({ ...auction, constraints: { zone: "eu-1" } });
    expect(replies).toEqual([{ hostId, constraints: { zone: "eu-1" }, reference: "R1" }]);
    const none = await client.auctionComponent({ ...auction, constraints: { zone: "EU-1" } });
    expect(none).toEqual({ replies: [], refusals: [], skipped: 0, ended: "window" });
  });

  it("row 48: unsigned workloads have no claims", async () => {
    expect((await client.getClaims()).response).toEqual({ items: [], skipped: 0 });
  });
});

describe("components", () => {
  it("rows 7 and 8: a start is reported twice, a repetition once (traps 1, 9)", async () => {
    const first = await observe(() => scale("R1", 3));
    expect(first.reply).toMatchObject(yes());
    expect(first.events).toEqual([
      scaled(3, "R1", { host_id: hostId }),
      scaled(3, "R1", { host_id: hostId }),
    ]);
    expect((await observe(() => scale("R1", 3))).events).toEqual([scaled(3, "R1")]);
    expect(await component("a")).toEqual({
      id: "a",
      imageReference: "R1",
      maxInstances: 3,
      revision: 0,
      annotations: {},
    });
  });

  it("row 9: a resize reports the old annotations and keeps the new ones (trap 10)", async () => {
    const { events } = await observe(() => scale("R1", 5, { annotations: { x: "1" } }));
    expect(events).toEqual([scaled(5, "R1", { annotations: {} })]);
    expect(await component("a")).toMatchObject({ annotations: { x: "1" }, maxInstances: 5 });
  });

  it("rows 10 and 11: another reference is acknowledged with a warning only (trap 8)", async () => {
    const same = await observe(() => scale("R2", 5));
    expect(same.reply).toMatchObject({ success: true, message: expect.stringContaining("R1 != R2") });
    expect(await component("a")).toMatchObject({ imageReference: "R1" });
    expect((await observe(() => scale("R2", 6))).events).toEqual([scaled(6, "R1")]);
    expect(await component("a")).toMatchObject({ imageReference: "R2", maxInstances: 6 });
  });

  it("rows 12 to 15: updates, also the misleading zero and the silent failure (traps 6, 7)", async () => {
    const update = (componentId: string, newImageReference: string) =>
      client.updateComponent({ hostId, componentId, newImageReference });
    const done = await observe(() => update("a", "R3"));
    expect(done.reply).toMatchObject(yes("component a updating from R2 to R3"));
    expect(done.events).toEqual([scaled(6, "R3"), scaled(0, "R3")]);
    expect(await component("a")).toMatchObject({ imageReference: "R3", maxInstances: 6, annotations: {} });
    const again = await observe(() => update("a", "R3"));
    expect(again).toMatchObject({ reply: yes("component a already updated to R3"), events: [] });
    expect(await update("b", "R3")).toMatchObject(no("component b not found"));
    const failing = await observe(() => update("a", "missing"));
    expect(failing).toMatchObject({ reply: { success: true }, events: [] });
    expect(await component("a")).toMatchObject({ imageReference: "R3" });
  });

  it("rows 16 and 20: what fails after the acknowledgement is told by an event", async () => {
    const missing = await observe(() => scale("missing", 1, { componentId: "z" }));
    expect(missing.reply).toMatchObject(yes());
    expect(missing.events.map(([type]) => type)).toEqual(["component_scale_failed"]);
    const unconfigured = await observe(() => scale("R1", 1, { componentId: "z", config: ["nope"] }));
    const error = "Unable to fetch requested config: Config nope does not exist";
    expect(unconfigured.events).toEqual([["component_scale_failed", expect.objectContaining({ error })]]);
  });

  it("row 18: scaling to 0 removes, and an absent one stays absent; limits of 1.9 arrive (trap 28)", async () => {
    await observe(() => scale("R3", 4, { limits: { max_memory_limit: "134217728" } }));
    expect(await component("a")).toMatchObject({ limits: { max_memory_limit: "134217728" } });
    expect((await observe(() => scale("R3", 0))).events).toEqual([scaled(0, "R3")]);
    expect(await component("a")).toBeUndefined();
    expect((await observe(() => scale("R9", 0))).events).toEqual([scaled(0, "R9")]);
  });
});

describe("providers", () => {
  const on = () => ({ hostId, providerId: "p" });

  it("rows 21 to 23: started by event, refused the second time, no bid while running (traps 2, 23)", async () => {
    const start = () => client.startProvider({ ...on(), imageReference: "oci://reg.test/p:1" });
    const first = await observe(start);
    expect(first.reply).toMatchObject(yes("successfully started provider"));
    expect(first.events).toEqual([
      ["provider_started", expect.objectContaining({ image_ref: "reg.test/p:1" })],
    ]);
    expect(await observe(start)).toMatchObject({
      reply: no("provider with that ID is already running"),
      events: [],
    });
    const auction = await client.auctionProvider({ imageReference: "reg.test/p:1", providerId: "p" });
    expect(auction.replies).toEqual([]);
    const other = await client.auctionProvider({ imageReference: "reg.test/p:1", providerId: "q" });
    expect(other.replies).toEqual([{ hostId, constraints: {}, reference: "reg.test/p:1" }]);
    const inventory = await client.getHostInventory(hostId);
    expect(inventory.response?.providers).toEqual([
      { id: "p", imageReference: "reg.test/p:1", name: "p", revision: 0, annotations: {} },
    ]);
  });

  it("rows 24 to 26: stopping is synchronous, a failed start is not", async () => {
    const stopped = await observe(() => client.stopProvider(on()));
    expect(stopped.reply).toMatchObject(yes("successfully stopped provider"));
    expect(stopped.events).toEqual([["provider_stopped", expect.objectContaining({ reason: "stop" })]]);
    expect(await client.stopProvider(on())).toMatchObject(no("provider with that ID is not running"));
    const failing = await observe(() => client.startProvider({ ...on(), imageReference: "missing" }));
    expect(failing.reply).toMatchObject({ success: true });
    expect(failing.events.map(([type]) => type)).toEqual(["provider_start_failed"]);
  });
});

describe("labels", () => {
  it("rows 27 to 29: set, refused by the host, deleted without having been there", async () => {
    const put = await observe(() => client.putLabel({ hostId, key: "zone", value: "eu-2" }));
    expect(put.reply).toMatchObject(yes("successfully put label"));
    expect(put.events).toEqual([["labels_changed", expect.objectContaining({ host_id: hostId })]]);
    const core = await client.putLabel({ hostId, key: "HostCore.os", value: "x" });
    expect(core).toMatchObject(no("hostcore.* labels cannot be set dynamically"));
    const absent = await observe(() => client.deleteLabel({ hostId, key: "nope" }));
    expect(absent).toMatchObject({ reply: yes("successfully deleted label (no such label)"), events: [] });
  });

  it("row 30: a 1.5.0 host deletes labels too, because value is always sent (trap 18)", async () => {
    const old = await bench.lattice.addHost({ version: "1.5.0", labels: { rack: "7" } });
    const reply = await client.deleteLabel({ hostId: old.id, key: "rack" });
    expect(reply).toMatchObject({ success: true });
    expect((await client.getHostInventory(old.id)).response?.labels).not.toHaveProperty("rack");
    old.kill();
  });
});

describe("configs and links", () => {
  const link = {
    sourceId: "s",
    target: "t1",
    witNamespace: "wasi",
    witPackage: "http",
    interfaces: ["incoming-handler"],
  };
  const key = { sourceId: "s", witNamespace: "wasi", witPackage: "http" };

  it("rows 31, 33, 34, 36: configs are stored, read, absent and purged (trap 3)", async () => {
    const put = await observe(() => client.putConfig("c1", { A: "1" }));
    expect(put.reply).toMatchObject(yes("successfully put config"));
    expect(put.events).toEqual([["config_set", { config_name: "c1" }]]);
    expect(await client.getConfig("c1")).toMatchObject({ ...yes(), response: { A: "1" } });
    const absent = await client.getConfig("c2");
    expect(absent).toMatchObject(yes("Configuration not found"));
    expect(absent.response).toBeUndefined();
    await client.putConfig("empty", {});
    expect((await client.getConfig("empty")).response).toEqual({});
    const purged = await observe(() => client.deleteConfig("c2"));
    expect(purged).toMatchObject({
      reply: yes("successfully deleted config"),
      events: [["config_deleted", {}]],
    });
  });

  it("rows 37 to 40: links are set, conflict, coexist and are checked (trap 17)", async () => {
    expect((await observe(() => client.putLink(link))).events.map(([type]) => type)).toEqual(["linkdef_set"]);
    const conflict = await observe(() => client.putLink({ ...link, target: "t2" }));
    expect(conflict.reply).toMatchObject({
      success: false,
      message: expect.stringContaining("different target"),
    });
    expect(conflict.events.map(([type]) => type)).toEqual(["linkdef_set_failed"]);
    const other = { ...link, target: "t2", interfaces: ["outgoing-handler"] };
    expect(await client.putLink(other)).toMatchObject(yes("successfully set link"));
    const unchecked = await client.putLink({ ...link, sourceConfig: ["nope"] });
    expect(unchecked).toMatchObject(
      no("Failed to validate configuration and secrets. Configuration nope not found in config store. "),
    );
  });

  it("row 41: links are listed as soon as the host's copy has them (trap 15)", async () => {
    await expect.poll(async () => (await client.getLinks()).response?.items.length).toBe(2);
    const { response } = await client.getLinks();
    expect(response?.items.find(({ target }) => target === "t1")).toEqual({
      ...link,
      name: "default",
      sourceConfig: [],
      targetConfig: [],
    });
  });

  it("rows 42 to 44: a deletion takes one link and succeeds without one (trap 16)", async () => {
    const removed = await observe(() => client.deleteLink(key));
    expect(removed.reply).toMatchObject(yes("successfully deleted link"));
    expect(removed.events).toEqual([["linkdef_deleted", expect.objectContaining({ target: "t1" })]]);
    const absent = await observe(() => client.deleteLink({ ...key, witPackage: "keyvalue" }));
    expect(absent.events[0]?.[1]).not.toHaveProperty("target");
    const unknown = await observe(() => client.deleteLink({ ...key, sourceId: "never-seen" }));
    expect(unknown).toMatchObject({
      reply: yes("successfully deleted link (spec doesn't exist)"),
      events: [],
    });
    await expect
      .poll(async () => (await client.getLinks()).response?.items.map(({ target }) => target))
      .toEqual(["t2"]);
  });
});

describe("registries and the end", () => {
  it("rows 46 and 47: credentials are published, and counted only when asked for (trap 34)", async () => {
    const credentials = { "registry.example.test": { username: "robot", password: "s3cret" } };
    expect(await client.putRegistries(credentials)).toEqual({ success: true, message: expect.any(String) });
    const second = await bench.lattice.addHost();
    const asked = await client.putRegistries(credentials, { collect: true });
    expect(asked).toMatchObject({ success: true, answers: { ended: "window", refusals: [] } });
    expect(asked.answers?.replies).toEqual(Array(2).fill({ message: "successfully put registries" }));
    expect(second.context.state.registries.get("registry.example.test")).toEqual({
      username: "robot",
      password: "s3cret",
      registryType: "oci",
    });
    second.kill();
  });

  it("row 50: a 1.0 host and a 1.9 host stop, then nobody is there (rows 3 and 51, trap 19)", async () => {
    const old = await bench.lattice.addHost({ version: "1.0.4" });
    expect(await client.stopHost({ hostId: old.id })).toMatchObject({ success: true, message: "" });
    const stopped = await client.stopHost({ hostId, timeoutMs: 5_000 });
    expect(stopped).toMatchObject(yes("successfully handled stop host"));
    await bench.probe.until(() => bench.probe.ofType("host_stopped").length === 2);
    await expect(client.stopHost({ hostId })).rejects.toMatchObject({ code: "not_found" });
    const slow = new ControlClient(nats, { lattice: "default", auctionTimeoutMs: 20_000 });
    expect(await slow.getHosts()).toEqual({ replies: [], refusals: [], skipped: 0, ended: "no-responders" });
  });
});

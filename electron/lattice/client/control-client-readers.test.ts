import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readReply, shortened } from "./envelope.ts";
import { UnreadableValue } from "./object-reader.ts";
import * as readers from "./replies.ts";

const hostId = `N${"A".repeat(55)}`;
const host = {
  id: hostId,
  friendly_name: "silent-meadow-4417",
  labels: { zone: "eu-1" },
  lattice: "default",
  uptime_seconds: 3661,
  uptime_human: "1h 1m 1s",
  version: "1.9.2",
  ctl_host: "nats://127.0.0.1:4222",
  rpc_host: "nats://127.0.0.1:4223",
  js_domain: "edge",
};

describe("a host", () => {
  it("is read as sent (wasmcloud-control §3.1), unknown fields ignored", () => {
    expect(readers.readHost({ ...host, news: [1] })).toEqual({
      id: hostId,
      friendlyName: "silent-meadow-4417",
      labels: { zone: "eu-1" },
      lattice: "default",
      uptimeSeconds: 3661,
      uptimeHuman: "1h 1m 1s",
      version: "1.9.2",
      controlHost: "nats://127.0.0.1:4222",
      rpcHost: "nats://127.0.0.1:4223",
      jetStreamDomain: "edge",
    });
  });

  it("has the defaults of the page where fields are missing or null", () => {
    const bare = { id: "", friendlyName: "", labels: {}, lattice: "", uptimeSeconds: 0 };
    expect(readers.readHost({})).toEqual(bare);
    const nulls = Object.fromEntries(Object.keys(host).map((key) => [key, null]));
    expect(readers.readHost(nulls)).toEqual(bare);
    expect(Object.keys(readers.readHost({}))).not.toContain("version");
  });

  it.each([
    ["nats://u:p@127.0.0.1:4222", "nats://127.0.0.1:4222"],
    ["u:p@127.0.0.1", "127.0.0.1"],
    ["tls://token@nats.example", "tls://nats.example"],
    ["nats://u:p@ss/w:@rd@127.0.0.1:4222", "nats://127.0.0.1:4222"],
    ["nats://u:p\nw@127.0.0.1", "nats://127.0.0.1"],
    ["nats://u:p@a:4222,nats://u:p@b:4222", "nats://b:4222"],
    ["nats://127.0.0.1:4222", "nats://127.0.0.1:4222"],
    [`nats://u:p${"x".repeat(9_000)}@127.0.0.1`, undefined],
  ])("has its addresses without user and password: %.40s", (address, shown) => {
    const read = readers.readHost({ ...host, ctl_host: address, rpc_host: address });
    expect([read.controlHost, read.rpcHost]).toEqual([shown, shown]);
    if (address.includes("@")) expect(JSON.stringify(read)).not.toMatch(/u:p|token|@/);
  });

  it("keeps the labels that can be read", () => {
    const labels = JSON.parse('{"zone":"eu-1","rack":7,"__proto__":"p","none":null}');
    const read = readers.readHost({ labels });
    expect(Object.entries(read.labels)).toEqual([
      ["zone", "eu-1"],
      ["__proto__", "p"],
    ]);
    expect(Object.getPrototypeOf(read.labels)).toBe(Object.prototype);
  });
});

describe("an inventory", () => {
  const component = {
    id: "a",
    image_ref: "R",
    annotations: { t: "x" },
    revision: 7,
    max_instances: 4_294_967_295,
    limits: null,
  };
  const provider = { id: "p", image_ref: "P", revision: 0, annotations: {} };

  it("takes limits: null as none (trap 28) and the old name actors (wasmcloud-control §3.2)", () => {
    const read = readers.readInventory({ host_id: hostId, actors: [component], providers: [provider] });
    expect(read.components).toEqual([
      { id: "a", imageReference: "R", annotations: { t: "x" }, revision: 7, maxInstances: 4_294_967_295 },
    ]);
    expect(read.providers).toEqual([{ id: "p", imageReference: "P", revision: 0, annotations: {} }]);
    expect(read).toMatchObject({ hostId, version: "", uptimeSeconds: 0, skipped: 0 });
  });

  it("loses only what cannot be read, and counts it", () => {
    const components = [
      component,
      null,
      7,
      { ...component, max_instances: -1 },
      { ...component, id: {} },
      { id: "b", annotations: { n: 1, s: "s" } },
    ];
    const read = readers.readInventory({ components, providers: [provider, "p"] });
    expect(read.components.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(read.components[1]).toEqual({
      id: "b",
      imageReference: "",
      revision: 0,
      maxInstances: 0,
      annotations: { s: "s" },
    });
    expect(read.providers).toHaveLength(1);
    expect(read.skipped).toBe(6);
  });

  it.each([
    { providers: [] },
    { components: [] },
    { components: null, providers: [] },
    { components: {}, providers: [] },
    [],
    null,
    1,
  ])("is not taken for an empty host when its lists are missing: %j", (value) => {
    expect(() => readers.readInventory(value)).toThrow(UnreadableValue);
  });
});

describe("links, claims, configs and bids", () => {
  const link = { source_id: "s", target: "t", wit_namespace: "wasi", wit_package: "http", interfaces: ["i"] };

  it("a link has its defaults, an incomplete one is skipped (wasmcloud-control §3.8)", () => {
    const read = readers.readLinks([link, { ...link, target: null }, { ...link, interfaces: [1] }, "x"]);
    expect(read.skipped).toBe(3);
    expect(read.items).toEqual([
      {
        sourceId: "s",
        target: "t",
        name: "default",
        witNamespace: "wasi",
        witPackage: "http",
        interfaces: ["i"],
        sourceConfig: [],
        targetConfig: [],
      },
    ]);
    expect(readers.readLink(link)).toEqual(read.items[0]);
    expect(() => readers.readLinks(undefined)).toThrow(UnreadableValue);
  });

  it("claims are string maps (wasmcloud-control §3.12)", () => {
    expect(readers.readClaims([{ name: "a", rev: 7 }, null, []])).toEqual({
      items: [{ name: "a" }],
      skipped: 3,
    });
    expect(() => readers.readClaims({})).toThrow(UnreadableValue);
  });

  it("a config is read whole or not at all (wasmcloud-control §2.17)", () => {
    expect(readers.readConfig(undefined)).toBeUndefined();
    expect(readers.readConfig({})).toEqual({});
    expect(() => readers.readConfig({ A: "1", B: 2 })).toThrow(UnreadableValue);
  });

  it("a bid names its host; its id field is not shown (wasmcloud-control §2.4)", () => {
    const bid = { component_ref: "R", component_id: "R", host_id: hostId, constraints: null };
    expect(readers.bidReader("component_ref")(bid)).toEqual({
      hostId,
      constraints: {},
      reference: "R",
    });
    expect(() => readers.bidReader("provider_ref")({ provider_ref: "P" })).toThrow(UnreadableValue);
  });
});

describe("any message", () => {
  const everyReader = [
    readers.readHost,
    readers.readInventory,
    readers.readLink,
    readers.readLinks,
    readers.readClaims,
    readers.readConfig,
    readers.bidReader("component_ref"),
  ];
  const names = fc.constantFrom(
    "id",
    "host_id",
    "labels",
    "components",
    "actors",
    "providers",
    "uptime_seconds",
    "annotations",
    "limits",
    "source_id",
    "interfaces",
    "__proto__",
    "constructor",
  );
  const likely = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.jsonValue(),
      fc.array(tie("value")),
      fc.dictionary(names, tie("value")),
    ),
  })).value;

  it("is read or is an UnreadableValue, nothing else", () => {
    void fc.assert(
      fc.property(likely, fc.constantFrom(...everyReader), (value, read) => {
        const json = JSON.parse(JSON.stringify(value ?? null));
        try {
          read(json);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableValue);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("of any bytes is told apart without throwing; only a boolean and a string make an envelope", () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      likely.map((value) => new TextEncoder().encode(JSON.stringify(value) ?? "")),
    );
    void fc.assert(
      fc.property(
        bytes,
        (message) => void expect(["envelope", "half", "foreign"]).toContain(readReply(message).kind),
      ),
    );
    void fc.assert(
      fc.property(
        fc.record({
          success: fc.oneof(fc.boolean(), fc.jsonValue()),
          message: fc.oneof(fc.string(), fc.jsonValue()),
        }),
        (value) => {
          const isEnvelope = typeof value.success === "boolean" && typeof value.message === "string";
          const { kind } = readReply(new TextEncoder().encode(JSON.stringify(value)));
          expect(kind === "envelope").toBe(isEnvelope);
        },
      ),
    );
  });

  it("is quoted short and without control characters", () => {
    expect(shortened(new Uint8Array([65, 0, 10, 66]))).toBe("A\ufffd\ufffdB");
    void fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => shortened(bytes).length < 340),
    );
  });
});

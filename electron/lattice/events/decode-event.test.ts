import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventRowSchema } from "../../../shared/events/schema.ts";
import { decodeEvent } from "./decode-event.ts";
import { eventTypes } from "./decode-event-data.ts";
import { describeEvent, shortReference } from "./describe-event.ts";
import type { KnownEvent } from "./event-types.ts";

const host = "NDO7WPL7O5NK6QMQBTQ74FU3NZMDA5C2CPKUZBLOTWA7WO4WIWN7UZ6P";
const link = {
  source_id: "edge-http",
  target: "orders-api",
  name: "default",
  wit_namespace: "wasi",
  wit_package: "http",
  interfaces: ["incoming-handler"],
  source_config: ["listener"],
  target_config: [],
};
const scaled = {
  component_id: "orders-api",
  host_id: "NLIES",
  image_ref: "registry.example.test/shop/orders-api:2.3.1",
  max_instances: 25,
  annotations: { team: "checkout" },
};
const inventory = {
  host_id: host,
  friendly_name: "silent-meadow-4417",
  version: "1.9.2",
  uptime_human: "1h 1m 30s",
  uptime_seconds: 3690,
  labels: { zone: "eu-1" },
  components: [
    {
      id: "orders-api",
      image_ref: "shop/orders-api:2.3.1",
      annotations: {},
      revision: 0,
      max_instances: 25,
      limits: null,
    },
  ],
  providers: [{ id: "edge-http", image_ref: "providers/http:0.27.0", revision: 0, annotations: {} }],
};
const provider = { host_id: host, provider_id: "edge-http" };

/** `data` of each type as in wasmcloud-control §4.3-§4.14, and what a person reads of it. */
const examples: Record<string, { data: object; summary: string; entity: string }> = {
  host_started: {
    data: {
      friendly_name: "silent-meadow-4417",
      labels: { zone: "eu-1" },
      uptime_seconds: 0,
      version: "1.9.2",
    },
    summary: "meadow started, version 1.9.2",
    entity: `host ${host}`,
  },
  host_heartbeat: {
    data: inventory,
    summary: "meadow heartbeat: 1 component, 1 provider",
    entity: `host ${host}`,
  },
  host_stopped: { data: { labels: {} }, summary: "meadow stopped in order", entity: `host ${host}` },
  labels_changed: {
    data: { host_id: host, labels: { zone: "eu-2" } },
    summary: "meadow labels → 1 label",
    entity: `host ${host}`,
  },
  component_scaled: {
    data: scaled,
    summary: "orders-api → max 25 · shop/orders-api:2.3.1",
    entity: "component orders-api",
  },
  component_scale_failed: {
    data: { ...scaled, error: "failed to fetch component: not found" },
    summary: "orders-api could not scale to max 25: failed to fetch component: not found",
    entity: "component orders-api",
  },
  provider_started: {
    data: { ...provider, image_ref: "registry.example.test/providers/http:0.27.0", annotations: {} },
    summary: "edge-http started · providers/http:0.27.0",
    entity: "provider edge-http",
  },
  provider_start_failed: {
    data: { ...provider, provider_ref: "file:///opt/edge.par.gz", error: "no file", link_name: "default" },
    summary: "edge-http could not start: no file",
    entity: "provider edge-http",
  },
  provider_stopped: {
    data: { ...provider, annotations: {}, reason: "stop" },
    summary: "edge-http stopped",
    entity: "provider edge-http",
  },
  health_check_passed: { data: provider, summary: "edge-http became healthy", entity: "provider edge-http" },
  health_check_failed: {
    data: provider,
    summary: "edge-http became unhealthy",
    entity: "provider edge-http",
  },
  health_check_status: {
    data: provider,
    summary: "edge-http health checked, no change",
    entity: "provider edge-http",
  },
  linkdef_set: { data: link, summary: "edge-http → orders-api wasi:http set", entity: "link edge-http" },
  linkdef_set_failed: {
    data: { ...link, error: "link already exists" },
    summary: "edge-http → orders-api wasi:http rejected: link already exists",
    entity: "link edge-http",
  },
  linkdef_deleted: {
    data: { source_id: "edge-http", name: "other", wit_namespace: "wasi", wit_package: "http" },
    summary: "edge-http → ? wasi:http (other) deleted",
    entity: "link edge-http",
  },
  config_set: {
    data: { config_name: "defaults" },
    summary: "config defaults set",
    entity: "config defaults",
  },
  config_deleted: {
    data: { config_name: "defaults" },
    summary: "config defaults deleted",
    entity: "config defaults",
  },
};

function envelope(type: string, data: unknown, extra: object = {}): object {
  return {
    specversion: "1.0",
    id: "018fb1c4-5a20-7be1-93a4-0c6a1d2f4e77",
    type: `com.wasmcloud.lattice.${type}`,
    source: host,
    datacontenttype: "application/json",
    time: "2024-05-26T09:14:07.328411902Z",
    data,
    ...extra,
  };
}

function decode(value: unknown, subject = "wasmbus.evt.default.any", prefix = "wasmbus.evt") {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return decodeEvent(subject, Buffer.from(text), prefix);
}

describe("events of every type", () => {
  test("there is an example of each of the 17", () => {
    expect(Object.keys(examples).sort()).toEqual([...eventTypes].sort());
    expect(eventTypes).toHaveLength(17);
  });

  test.each(Object.entries(examples))("%s is read and described", (type, { data, summary, entity }) => {
    const event = decode(envelope(type, data), `wasmbus.evt.default.${type}`);
    expect(event).toMatchObject({
      kind: "known",
      type,
      lattice: "default",
      source: host,
      time: "2024-05-26T09:14:07.328411902Z",
      timeMs: Date.parse("2024-05-26T09:14:07.328Z"),
    });
    const row = describeEvent(event, "meadow");
    expect(row.summary).toBe(summary);
    expect(`${row.entityKind} ${row.entityId}`).toBe(entity);
  });

  test.each(Object.keys(examples))("%s without data is malformed, not invented", (type) => {
    expect(decode(envelope(type, undefined))).toMatchObject({ kind: "malformed", claimedType: type });
  });
});

describe("tolerance", () => {
  test("the host is the source, whatever the data says (trap 12)", () => {
    expect(decode(envelope("component_scaled", scaled)).source).toBe(host);
  });

  test("the lattice comes after the event prefix, of any length", () => {
    const subject = "account.wasmbus.evt.prod-1.host_stopped";
    const event = decode(envelope("host_stopped", { labels: {} }), subject, "account.wasmbus.evt");
    expect(event).toMatchObject({ kind: "known", lattice: "prod-1" });
  });

  test("a count that is missing or no count is never taken for a stop", () => {
    for (const max_instances of [undefined, null, "3", -1, 1.5, 4_294_967_296]) {
      expect(decode(envelope("component_scaled", { ...scaled, max_instances })).kind).toBe("malformed");
    }
  });

  test("null, missing and unknown fields are no obstacle", () => {
    const data = {
      component_id: "a",
      max_instances: 1,
      image_ref: null,
      annotations: null,
      claims: null,
      news: 1,
    };
    expect(decode(envelope("component_scaled", data))).toMatchObject({
      kind: "known",
      componentId: "a",
      imageReference: "",
      annotations: {},
    });
  });

  test("odd times and ids are kept as sent (trap 26)", () => {
    const event = decode(envelope("host_stopped", {}, { time: "yesterday", id: 7 }));
    expect(event).toMatchObject({ kind: "known", time: "yesterday", id: "" });
    expect(event.timeMs).toBeUndefined();
  });

  test("a heartbeat keeps what can be read and counts the rest; `actors` is the old name", () => {
    const { components, ...rest } = inventory;
    const data = { ...rest, actors: [...components, { id: "bad", max_instances: "many" }, 7] };
    const event = decode(envelope("host_heartbeat", data)) as Extract<KnownEvent, { type: "host_heartbeat" }>;
    expect(event.inventory.components.map(({ id }) => id)).toEqual(["orders-api"]);
    expect(event.inventory.skipped).toBe(2);
    expect(describeEvent(event, "meadow")).toMatchObject({
      severity: "warning",
      summary: "meadow heartbeat: 1 component, 1 provider, 2 unreadable parts",
    });
  });

  test("a heartbeat without its lists is malformed: it would empty the host", () => {
    const { components: _gone, ...rest } = inventory;
    expect(decode(envelope("host_heartbeat", rest))).toMatchObject({ kind: "malformed", source: host });
  });

  test("an event about a host needs a source, one about a link does not", () => {
    expect(decode(envelope("component_scaled", scaled, { source: undefined })).kind).toBe("malformed");
    expect(decode(envelope("linkdef_set", link, { source: undefined })).kind).toBe("known");
  });

  test("unknown types stay readable", () => {
    const event = decode(envelope("component_teleported", { to: "moon" }));
    expect(event).toMatchObject({ kind: "unknown", type: "component_teleported", source: host });
    expect(describeEvent(event, "x").summary).toBe("component_teleported: a type this console does not know");
  });

  test("garbage is kept, clipped, with the reason", () => {
    const event = decode("x".repeat(10_000), "wasmbus.evt.default.host_heartbeat");
    expect(event).toMatchObject({
      kind: "malformed",
      claimedType: "host_heartbeat",
      reason: "it is no JSON object",
    });
    expect(event.raw.length).toBeLessThan(4_100);
  });

  test("image references are shortened to what tells them apart", () => {
    expect(shortReference("registry.example.test:5000/shop/cart:2.0")).toBe("shop/cart:2.0");
    expect(shortReference("shop/cart:2.0")).toBe("shop/cart:2.0");
    expect(shortReference("file:///opt/cart.wasm")).toBe("file:///opt/cart.wasm");
    expect(shortReference(`ghcr.io/a/b@sha256:${"0123456789abcdef".repeat(4)}`)).toBe(
      "a/b@sha256:0123456789ab",
    );
  });
});

describe("whatever arrives", () => {
  const subjects = fc.oneof(
    fc.string(),
    fc.constant("wasmbus.evt.default.component_scaled"),
    fc.constant("wasmbus.evt."),
  );
  const check = (subject: string, bytes: Uint8Array): void => {
    const event = decodeEvent(subject, bytes, "wasmbus.evt");
    expect(["known", "unknown", "malformed"]).toContain(event.kind);
    const row = {
      sequence: 1,
      connectionId: "c",
      lattice: event.lattice,
      receivedAt: "2026-01-01T00:00:00Z",
    };
    const description = describeEvent(event, "h");
    eventRowSchema.parse({ ...row, type: event.type, known: event.kind === "known", ...description });
  };

  test("bytes never throw and can always be listed", () => {
    fc.assert(fc.property(subjects, fc.uint8Array({ maxLength: 300 }), check), { numRuns: 500 });
  });

  test("JSON never throws and can always be listed", () => {
    const type = fc.oneof(fc.constantFrom(...eventTypes), fc.string());
    const spoiled = fc
      .tuple(type, fc.jsonValue())
      .map(([name, data]) => JSON.stringify(envelope(name, data)));
    const any = fc.oneof(fc.json(), spoiled).map((text) => Buffer.from(text));
    fc.assert(fc.property(subjects, any, check), { numRuns: 1_000 });
  });

  test("data with wrongly typed or missing fields never throws", () => {
    const data = fc.constantFrom(...Object.entries(examples)).chain(([type, { data: fields }]) =>
      fc
        .tuple(
          fc.subarray(Object.keys(fields)),
          fc.dictionary(fc.constantFrom(...Object.keys(fields), "x"), fc.jsonValue()),
        )
        .map(([kept, replaced]) => {
          const partial = Object.fromEntries(Object.entries(fields).filter(([key]) => kept.includes(key)));
          return Buffer.from(JSON.stringify(envelope(type, { ...partial, ...replaced })));
        }),
    );
    fc.assert(fc.property(fc.constant("wasmbus.evt.l.t"), data, check), { numRuns: 1_000 });
  });

  test("what a host writes comes back", () => {
    const map = fc.dictionary(fc.string(), fc.string());
    const count = fc.integer({ min: 0, max: 4_294_967_295 });
    const event = fc.record({
      id: fc.string({ minLength: 1 }),
      reference: fc.string(),
      annotations: map,
      count,
    });
    fc.assert(
      fc.property(event, ({ id, reference, annotations, count: maxInstances }) => {
        const data = { component_id: id, image_ref: reference, annotations, max_instances: maxInstances };
        expect(decode(envelope("component_scaled", data))).toMatchObject({
          kind: "known",
          componentId: id,
          imageReference: reference,
          maxInstances,
          annotations: JSON.parse(JSON.stringify(annotations)),
        });
      }),
    );
  });
});

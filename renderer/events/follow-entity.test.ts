import { describe, expect, it } from "vitest";
import type { EventRow } from "../../shared/events/schema.ts";
import { entityAddress, followEntity } from "./follow-entity.ts";

const event: EventRow = {
  sequence: 1,
  connectionId: "prod",
  lattice: "default",
  receivedAt: "2026-11-23T02:00:00.000Z",
  type: "provider_started",
  known: true,
  severity: "good",
  source: "N1",
  entityKind: "provider",
  entityId: "edge-http",
  summary: "",
};

describe("followEntity", () => {
  it("adds the entity to what is already asked for, once", () => {
    const once = followEntity("severity:bad", event);
    expect(once).toBe("severity:bad id:edge-http");
    expect(followEntity(once, event)).toBe(once);
  });

  it("follows a host by what it publishes", () => {
    expect(followEntity("", { entityKind: "host", entityId: "N1" })).toBe("host:N1");
  });

  it("changes nothing for an event about nothing in particular", () => {
    expect(followEntity("x", { entityKind: "other", entityId: "" })).toBe("x");
  });
});

describe("entityAddress", () => {
  it("names a provider with its host, as its list does", () => {
    expect(entityAddress(event)).toBe("/c/prod/default/providers?open=N1%2Fedge-http");
    expect(entityAddress({ ...event, entityKind: "component", entityId: "cart" })).toBe(
      "/c/prod/default/components?open=cart",
    );
    expect(entityAddress({ ...event, entityKind: "config" })).toBeUndefined();
  });
});

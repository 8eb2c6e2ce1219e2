import { expect, test } from "vitest";
import { activitySchema } from "../../shared/contract/index.ts";
import { eventRowSchema } from "../../shared/events/schema.ts";
import { hostRowSchema, providerRowSchema } from "../../shared/lattice/schema.ts";
import { concernsOf } from "./attention.ts";

const now = Date.parse("2026-11-23T10:00:00.000Z");
const ago = (seconds: number) => new Date(now - seconds * 1_000).toISOString();
const nothing = {
  connectionId: "c",
  lattice: undefined,
  hosts: [],
  providers: [],
  activities: [],
  events: [],
  now,
};

const host = (id: string, status: string) =>
  hostRowSchema.parse({
    id,
    friendlyName: `name-${id}`,
    version: "1.9.2",
    labels: {},
    status,
    statusSince: ago(60),
    heartbeatSeconds: 30,
    componentCount: 0,
    instanceCount: 0,
    providerCount: 0,
  });
const provider = (id: string, health: string) =>
  providerRowSchema.parse({
    hostId: "N1",
    hostName: "one",
    id,
    annotations: {},
    revision: 0,
    managedByWadm: false,
    health,
  });
const activity = (id: string, state: string, seconds: number, connectionId = "c") =>
  activitySchema.parse({
    id,
    operation: "o",
    title: id,
    state,
    message: "m",
    connectionId,
    actor: "me",
    transport: "ipc",
    input: {},
    evidence: [],
    steps: [],
    startedAt: ago(seconds),
    updatedAt: ago(seconds),
  });
const event = (sequence: number, severity: string, entityId: string) =>
  eventRowSchema.parse({
    sequence,
    connectionId: "c",
    lattice: "default",
    receivedAt: ago(60),
    type: "t",
    known: true,
    severity,
    entityKind: "component",
    entityId,
    summary: `event ${sequence}`,
  });

test("a lattice where all is well needs no attention", () => {
  const concerns = concernsOf({
    ...nothing,
    hosts: [host("a", "live"), host("b", "stopped")],
    providers: [provider("p", "healthy"), provider("q", "unknown")],
    activities: [activity("x", "verified", 5), activity("y", "acknowledged", 5)],
    events: [event(1, "info", "cart")],
  });
  expect(concerns).toEqual([]);
});

test("the gravest comes first, and an unknown offers to reconcile", () => {
  const concerns = concernsOf({
    ...nothing,
    hosts: [host("s", "stale"), host("l", "lost")],
    providers: [provider("p", "unhealthy")],
    activities: [activity("u", "unknown", 9_000)],
  });
  expect(concerns.map((concern) => concern.state)).toEqual(["lost", "unhealthy", "unknown", "stale"]);
  expect(concerns[2]).toMatchObject({ reconcile: "u", page: "activity", open: "u" });
});

test("an old failure and another connection's are left alone", () => {
  const activities = [
    activity("old", "failed", 9_000),
    activity("other", "failed", 5, "d"),
    activity("new", "failed", 5),
  ];
  expect(concernsOf({ ...nothing, activities }).map((concern) => concern.title)).toEqual(["new"]);
});

test("a failure that the same entity has overcome is no concern", () => {
  const events = [
    event(1, "bad", "cart"),
    event(2, "bad", "shop"),
    event(3, "good", "cart"),
    event(4, "bad", "shop"),
  ];
  expect(concernsOf({ ...nothing, events }).map((concern) => concern.open)).toEqual(["4"]);
});

test("an unhealthy provider is one concern, not a second one for the event that told of it", () => {
  const told = { ...event(1, "bad", "p"), entityKind: "provider" as const, source: "N1" };
  const concerns = concernsOf({ ...nothing, providers: [provider("p", "unhealthy")], events: [told] });
  expect(concerns.map((concern) => concern.page)).toEqual(["providers"]);
});

test("the same failure on many hosts is one concern that says how many", () => {
  const same = ["N1", "N2", "N3"].map((source, place) => ({
    ...event(place, "bad", "cart"),
    source,
    summary: "cart failed",
  }));
  const concerns = concernsOf({ ...nothing, events: same });
  expect(concerns).toHaveLength(1);
  expect(concerns[0]).toMatchObject({ title: "cart failed", detail: "t on 3 hosts", open: "2" });
});

test("a failed activity stands for its own failure event, which is no second concern", () => {
  const events = [event(1, "bad", "cart"), event(2, "bad", "catalog")];
  const source = events[0]?.source ?? "";
  const kind = events[0]?.entityKind ?? "component";
  const ours = {
    ...activity("mine", "failed", 60),
    target: { kind, id: "cart", label: "cart", hostId: source },
  } as ReturnType<typeof activity>;
  const keys = concernsOf({ ...nothing, activities: [ours], events }).map((one) => one.key);
  expect(keys.filter((key) => key.includes("cart"))).toEqual([]);
  expect(keys).toHaveLength(2);
});

test("a provider that answers no health check is a concern, after the unhealthy ones", () => {
  const providers = [
    provider("quiet", "silent"),
    provider("ill", "unhealthy"),
    provider("builtin", "unknown"),
  ];
  const concerns = concernsOf({ ...nothing, providers });
  expect(concerns.map(({ state, title, detail }) => [state, title, detail])).toEqual([
    ["unhealthy", "ill", "provider on one"],
    ["silent", "quiet", "provider on one, answers no health check"],
  ]);
});

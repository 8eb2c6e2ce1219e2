import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { latticeMessages } from "../../../recordings/recordings.ts";
import { Failure } from "../../../shared/contract/index.ts";
import { byFitness } from "../../../shared/lattice/auction-order.ts";
import type { HostRow, LinkRow } from "../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../shared/lattice/version.ts";
import { component, event, hostA, hostB, scaled } from "../testing/lattice-test-bed.ts";
import { claimOf, registriesAnswer } from "./artifact-handlers.ts";
import { type AuctionKnowledge, judge } from "./auction-judgement.ts";
import { readPatiently } from "./command-parts.ts";
import { scaleFinding } from "./components/scale-evidence.ts";
import { updateFinding, updateVerdict } from "./components/update-evidence.ts";
import { configPutVerdict } from "./config-plan.ts";
import { hostStopFinding, hostStopVerdict } from "./host-stop.ts";
import { conflictingLink, linkDeleteVerdict, planLink } from "./link-plan.ts";
import { linkHosts } from "./link-rules.ts";
import { explainSilence, providerStartFinding } from "./provider-evidence.ts";
import { previewStop } from "./stop-preview.ts";

const at = "2026-11-23T08:00:00.000Z";
const row = (more: Partial<HostRow> = {}): HostRow => ({
  id: hostA,
  friendlyName: "quiet-river-1022",
  version: "1.9.2",
  labels: { zone: "eu-1" },
  status: "live",
  statusSince: at,
  heartbeatSeconds: 30,
  componentCount: 0,
  instanceCount: 0,
  providerCount: 0,
  ...more,
});

describe("versions", () => {
  it.each([
    ["1.8.0", "1.8.0", true],
    ["1.10.0", "1.9.2", true],
    ["v1.7.9", "1.8.0", false],
    ["2.0.0-rc.1", "1.8.0", true],
    ["", "1.8.0", undefined],
    ["nightly", "1.8.0", undefined],
  ])("%s is at least %s: %s", (have, want, expected) => expect(isAtLeast(have, want)).toBe(expected));
});

describe("an update's events", () => {
  const target = { hostId: hostA, componentId: "cart", imageReference: "shop/cart:2" };
  const seen = (count: number, imageReference: string, source = hostA) =>
    updateFinding(target, event(scaled("cart", count, { imageReference }), { source }), at)?.verdict;

  it("confirm by the first with the new image, never by the zero, another image or another host (trap 6)", () => {
    expect(seen(5, "shop/cart:2")).toBe("confirmed");
    expect(seen(0, "shop/cart:2")).toBeUndefined();
    expect(seen(5, "shop/cart:1")).toBeUndefined();
    expect(seen(5, "shop/cart:2", hostB)).toBeUndefined();
  });

  it("are settled by a reading: the old image, or nothing, is a failure, and the new one proves no new code", () => {
    const verdict = (row: Parameters<typeof updateVerdict>[1], version = "1.9.2") =>
      updateVerdict(target, row, at, version);
    expect(verdict(undefined).verdict).toBe("failed");
    const running = {
      ...component("cart"),
      hostId: hostA,
      hostName: "a",
      annotations: {},
      managedByWadm: false,
    };
    expect(verdict(running).verdict).toBe("failed");
    const updated = { ...running, imageReference: "shop/cart:2" };
    expect(verdict(updated, "1.0.0").verdict).toBe("verified");
    expect(verdict(updated)).toMatchObject({
      verdict: "unknown",
      message: expect.stringMatching(
        /shows shop\/cart:2\. Which code answers cannot be read: .* Stop and start it/,
      ),
    });
  });
});

describe("a scale's failure event", () => {
  const sent = { hostId: hostA, componentId: "cart", maxInstances: 3, imageReference: "shop/cart:1" };
  const failed = (more: object = {}) =>
    event({
      type: "component_scale_failed",
      componentId: "cart",
      imageReference: "shop/cart:1",
      annotations: {},
      maxInstances: 3,
      error: "failed to fetch component",
      ...more,
    });
  const verdict = (more: object, target: Parameters<typeof scaleFinding>[0] = sent) =>
    scaleFinding(target, failed(more), at)?.verdict;

  it.each([
    ["that repeats all that was asked for", {}, "failed"],
    ["of another count", { maxInstances: 5 }, undefined],
    ["of another image", { imageReference: "shop/cart:2" }, undefined],
    ["of another component", { componentId: "basket" }, undefined],
    ["that names no image", { imageReference: "" }, "unknown"],
    ["with other annotations", { annotations: { team: "checkout" } }, "unknown"],
  ] as const)("%s is %o", (_name, more, expected) => expect(verdict(more)).toBe(expected));

  it("compares the annotations whatever their order", () => {
    const annotations = { team: "checkout", zone: "eu-1" };
    const asked = { ...sent, annotations };
    expect(verdict({ annotations: { zone: "eu-1", team: "checkout" } }, asked)).toBe("failed");
    expect(verdict({}, asked)).toBe("unknown");
  });
});

describe("a provider's start", () => {
  const target = { hostId: hostA, providerId: "http", imageReference: "file:///http.par.gz" };
  const started = {
    type: "provider_started",
    providerId: "http",
    imageReference: "http-server",
    annotations: {},
  } as const;

  it("is told by host and id, whatever the reference looks like (trap 23)", () => {
    expect(providerStartFinding(target, event(started), at)?.verdict).toBe("confirmed");
    expect(providerStartFinding(target, event(started, { source: hostB }), at)).toBeUndefined();
    expect(providerStartFinding({ ...target, providerId: "other" }, event(started), at)).toBeUndefined();
  });

  it.each([
    ["of the same reference is ours", {}, "failed"],
    ["of another reference is not", { providerReference: "file:///other.par.gz" }, undefined],
    ["without a reference leaves it open", { providerReference: "" }, "unknown"],
    [
      "that lost a race of two equal starts too",
      { error: "provider is already running with that ID" },
      "unknown",
    ],
  ] as const)("a failure %s: %o", (_name, more, expected) => {
    const error = "failed to fetch provider";
    const failed = { type: "provider_start_failed", providerId: "http", error } as const;
    const heard = event({ ...failed, providerReference: target.imageReference, ...more });
    expect(providerStartFinding(target, heard, at)?.verdict).toBe(expected);
  });

  it("without an answer is explained for builtins of hosts that stay silent, and only for those", () => {
    const silence = new Failure({ code: "timeout", message: "no answer" });
    const builtin = { imageReference: "wasmcloud+builtin://http-server", hostName: "a", version: "1.9.2" };
    expect(explainSilence(silence, builtin).message).toMatch(/never answer/);
    expect(explainSilence(silence, { ...builtin, version: undefined }).message).toMatch(/never answer/);
    expect(explainSilence(silence, { ...builtin, version: "1.7.0" })).toBe(silence);
    expect(explainSilence(silence, { ...builtin, imageReference: "x:1" })).toBe(silence);
    const gone = new Failure({ code: "not_found", message: "gone" });
    expect(explainSilence(gone, builtin)).toBe(gone);
  });
});

describe("a host's stop", () => {
  it("is told by the source of host_stopped, and by nobody answering", async () => {
    const stopped = event({ type: "host_stopped", labels: {} });
    expect(hostStopFinding(hostA, stopped, at)?.verdict).toBe("confirmed");
    expect(hostStopFinding(hostB, stopped, at)).toBeUndefined();
    const parts = { now: () => Date.parse(at) };
    const gone = new Failure({ code: "not_found", message: "no responders" });
    expect((await hostStopVerdict(() => Promise.reject(gone), parts)).verdict).toBe("verified");
    expect((await hostStopVerdict(async () => ({}), parts)).verdict).toBe("failed");
    const slow = new Failure({ code: "timeout", message: "no answer" });
    await expect(hostStopVerdict(() => Promise.reject(slow), parts)).rejects.toBe(slow);
  });

  it("is previewed without counting on hosts that are lost", () => {
    const cart = { ...component("cart"), hostId: hostA, hostName: "a", annotations: {}, managedByWadm: true };
    const other = { ...cart, hostId: hostB, hostName: "b" };
    const preview = (status: HostRow["status"]) => {
      const hosts = [row(), row({ id: hostB, friendlyName: "b", status, inventoryAt: at })];
      const lattice = { hosts, components: [cart, other], providers: [], links: [] };
      return previewStop({ host: row(), components: [cart], providers: [], lattice, readAt: at });
    };
    expect(preview("live").lost.components).toEqual([]);
    expect(preview("lost").lost.components).toEqual(["cart"]);
    expect(preview("lost").warnings.join()).toMatch(/wadm.*No other host/);
  });
});

describe("an auction's judgement", () => {
  const question = {
    kind: "component",
    id: "cart",
    constraints: { zone: "eu-1" },
    simulated: false,
  } as const;
  const outcome = (more: Partial<AuctionKnowledge>, kind: "component" | "provider" = "component") =>
    judge({ ...question, kind }, { host: row(), runs: false, bidAfterMs: undefined, ...more });

  it.each<[string, Partial<AuctionKnowledge>, "component" | "provider", string]>([
    ["a bid that fits", { bidAfterMs: 5 }, "component", "bid"],
    ["no bid though it fits", {}, "component", "silent"],
    ["another zone", { host: row({ labels: { zone: "EU-1" } }) }, "component", "label-differs"],
    ["another zone and a bid", { host: row({ labels: {} }), bidAfterMs: 5 }, "component", "wrong-bid"],
    ["running and bidding (1.3 to 1.9.2)", { runs: true, bidAfterMs: 5 }, "component", "already-runs"],
    ["running and silent", { runs: true }, "provider", "already-runs"],
    ["a running provider and a bid", { runs: true, bidAfterMs: 5 }, "provider", "wrong-bid"],
  ])("for %s", (_what, knowledge, kind, expected) => expect(outcome(knowledge, kind).outcome).toBe(expected));

  it("calls nothing eligible that did not bid, does not fit or runs already; sorting puts eligible ones first", () => {
    const hosts = fc.record({
      zone: fc.constantFrom("eu-1", "eu-2"),
      runs: fc.boolean(),
      bidAfterMs: fc.option(fc.nat(500), { nil: undefined }),
      instances: fc.nat(100),
    });
    fc.assert(
      fc.property(
        fc.array(hosts, { maxLength: 12 }),
        fc.constantFrom("component", "provider"),
        (all, kind) => {
          const judged = all
            .map(({ zone, runs, bidAfterMs, instances }) => {
              const host = row({ labels: { zone }, instanceCount: instances });
              const told = judge({ ...question, kind }, { host, runs, bidAfterMs });
              expect(told.eligible).toBe(zone === "eu-1" && !runs && bidAfterMs !== undefined);
              return told;
            })
            .sort(byFitness);
          const firstOut = judged.findIndex(({ eligible }) => !eligible);
          if (firstOut >= 0) expect(judged.slice(firstOut).some(({ eligible }) => eligible)).toBe(false);
        },
      ),
    );
  });
});

describe("links", () => {
  const link = (more: Partial<LinkRow> = {}): LinkRow => ({
    sourceId: "a",
    target: "b",
    name: "default",
    witNamespace: "wasi",
    witPackage: "http",
    interfaces: ["handler"],
    sourceConfig: [],
    targetConfig: [],
    ...more,
  });

  it.each<[string, Partial<LinkRow>, boolean]>([
    ["another target for the same interface", { target: "c" }, true],
    ["the same target", {}, false],
    ["another interface", { target: "c", interfaces: ["other"] }, false],
    ["another name", { target: "c", name: "second" }, false],
    ["another package", { target: "c", witPackage: "keyvalue" }, false],
  ])("with %s conflict: %#", (_what, more, conflicts) => {
    expect(conflictingLink(link(more), [link()]) !== undefined).toBe(conflicts);
    const hosts = linkHosts([row()]);
    const plan = planLink(link(more), { links: [link()], ids: new Set(), hosts });
    expect(plan.effect === "conflict").toBe(conflicts);
  });

  it("to a second target are refused by hosts 1.3.0 to 1.4.2 whatever the interfaces, and the plan says so", () => {
    const refusal = latticeMessages("1.4.2").find(
      (each) =>
        each.kind === "event" && each.subject.endsWith(".linkdef_set_failed") && isConflict(each.body),
    );
    expect(refusal).toBeDefined();
    const second = link({ target: "c", interfaces: ["other"] });
    const planned = (...versions: string[]) => {
      const hosts = linkHosts(versions.map((version) => row({ version })));
      return planLink(second, { links: [link()], ids: new Set(["a", "c"]), hosts });
    };
    expect(planned("1.4.2", "1.3.0")).toMatchObject({
      effect: "conflict",
      message: expect.stringMatching(/hosts 1\.3\.0 to 1\.4\.2 refuse a second target/),
    });
    expect(planned("1.4.2", "1.9.2")).toMatchObject({
      effect: "new",
      warnings: [expect.stringMatching(/1 of 2 hosts here are such/)],
    });
    expect(planned("")).toMatchObject({ warnings: [expect.stringMatching(/the version of 1 is not known/)] });
    for (const version of ["1.2.1", "1.5.0", "1.9.2"])
      expect(planned(version)).toMatchObject({ effect: "new", warnings: [] });
  });

  it("of a deletion that a reading does not show, or before which nobody looked, are unknown", () => {
    const left = [link()];
    const verdict = (before: LinkRow[] | undefined, after: LinkRow[], removedTarget?: string) =>
      linkDeleteVerdict({ before, after, removedTarget }, at).verdict;
    expect(verdict(left, left)).toBe("unknown");
    expect(verdict(undefined, left)).toBe("unknown");
    expect(verdict(undefined, [])).toBe("verified");
    expect(verdict(undefined, left, "c")).toBe("verified");
  });
});

it("claims are read from long and short keys, by their signing key alone (trap 33)", () => {
  expect(claimOf({ sub: "M1", iss: "A1", rev: "3", call_alias: "", tags: "a,b" })).toMatchObject({
    kind: "component",
    subject: "M1",
    issuer: "A1",
    revision: "3",
    tags: ["a", "b"],
  });
  expect(claimOf({ config_schema: "" }).kind).toBe("provider");
  expect(claimOf({}).kind).toBe("unknown");
});

it("credentials that only refusals answer are refused", () => {
  const answers = { replies: [], refusals: [{ message: "no" }], skipped: 0, ended: "window" as const };
  expect(registriesAnswer({ success: false, message: "", answers }, 2)).toMatchObject({ accepted: false });
});

it("a patient reading stops at the first good answer and gives the last when there is none", async () => {
  const answers = [1, 2, 3];
  expect(
    await readPatiently(
      async () => answers.shift() ?? 0,
      (value) => value === 2,
      [1, 1],
    ),
  ).toBe(2);
  expect(
    await readPatiently(
      async () => answers.shift() ?? 0,
      (value) => value === 9,
      [1, 1],
    ),
  ).toBe(0);
});

describe("a config of which some values were not kept", () => {
  const put = { values: { url: "(secret)", level: "debug" }, notKept: ["url"] };

  it.each([
    ["the same keys and kept values", { url: "x", level: "debug" }, "unknown", /values of url were not kept/],
    ["another kept value", { url: "x", level: "info" }, "failed", /other values/],
    ["a key less", { level: "debug" }, "failed", /other values/],
    ["a key more", { url: "x", level: "debug", more: "1" }, "failed", /other values/],
    ["nothing", undefined, "failed", /no such config/],
  ])("that is found with %s", (_what, stored, verdict, message) => {
    expect(configPutVerdict(put, stored, at)).toMatchObject({
      verdict,
      message: expect.stringMatching(message),
    });
  });
});

function isConflict(body: unknown): boolean {
  const { data } = body as { data: { error: string } };
  return data.error.startsWith("link already exists with different target");
}

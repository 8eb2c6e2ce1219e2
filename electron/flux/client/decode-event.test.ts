import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fluxEventSchema } from "../../../shared/flux/schema.ts";
import { documentedEvent } from "../testing/documented.ts";
import { decodeFluxEvent, listedEvent } from "./decode-event.ts";

const kept = { sequence: 1, connectionId: "flux", daemonId: "shop", receivedAt: "2031-02-03T04:06:01.000Z" };

describe("an event of a daemon", () => {
  it("is read: a release", () => {
    expect(decodeFluxEvent(JSON.stringify(documentedEvent("release")))).toMatchObject({
      type: "release",
      severity: "good",
      summary: "Released registry.example.com/shop/checkout:2.5.0 to shop:deployment/checkout",
      workloads: ["shop:deployment/checkout"],
      revisions: ["9f1c2d3e4b5a69788796a5b4c3d2e1f00f1e2d3c"],
      user: "Ines Okafor <ines@example.com>",
      errors: [],
    });
  });

  it("is read: a sync with a resource that failed", () => {
    expect(decodeFluxEvent(JSON.stringify(documentedEvent("sync")))).toMatchObject({
      type: "sync",
      severity: "warning",
      summary: "Applied 1 commit up to 9f1c2d3; 1 resource failed",
      revisions: ["9f1c2d3e4b5a69788796a5b4c3d2e1f00f1e2d3c"],
      errors: [{ id: "shop:cronjob/report", path: "shop/report.yaml", error: "unable to apply" }],
      commits: [{ message: expect.stringMatching(/^Release registry/) }],
    });
  });

  it("is read: a commit, with what it came from", () => {
    expect(decodeFluxEvent(JSON.stringify(documentedEvent("commit")))).toMatchObject({
      type: "commit",
      revisions: ["77aa66bb55cc44dd33ee22ff11001122334455aa"],
      user: "Ines Okafor <ines@example.com>",
      summary: "Committed 77aa66b (lock): shop:deployment/checkout",
      spec: { type: "policy" },
      results: [{ id: "shop:deployment/checkout", status: "success" }],
    });
  });

  it("of an old daemon is read: revisions without messages", () => {
    const old = { ...documentedEvent("sync"), metadata: { revisions: ["aaaaaaaa", "bbbbbbbb"] } };
    expect(decodeFluxEvent(JSON.stringify(old))).toMatchObject({
      summary: "Applied 2 commits up to aaaaaaa",
      revisions: ["aaaaaaaa", "bbbbbbbb"],
    });
  });

  it.each(["", "no JSON", "[]", "null", '{"type":7}'])(
    "that cannot be read is kept as malformed: %s",
    (body) => {
      expect(decodeFluxEvent(body)).toMatchObject({ type: "malformed", severity: "warning", raw: body });
    },
  );

  it("is bounded in every text, and in what is listed of it", () => {
    const long = "x".repeat(500_000);
    const ids = Array.from({ length: 19_999 }, (_, index) => `shop:deployment/${index}`);
    const event = {
      type: "sync",
      message: long,
      serviceIDs: [long, ...ids],
      metadata: {
        revisions: [long],
        error: long,
        cause: { User: long, Message: long },
        errors: ids.map((ID) => ({ ID, Path: long.slice(0, 100), Error: long.slice(0, 200) })),
      },
    };
    const decoded = decodeFluxEvent(JSON.stringify(event));
    expect(decoded.workloads).toHaveLength(20_000);
    const longest = Math.max(
      ...[decoded.summary, decoded.user ?? "", ...decoded.workloads, ...decoded.revisions].map(
        ({ length }) => length,
      ),
    );
    expect(longest).toBe(4_096);
    const listed = listedEvent(decoded);
    expect(JSON.stringify(listed).length).toBeLessThanOrEqual(64 * 1024);
    expect(listed.errors.length).toBeGreaterThan(50);
    expect(fluxEventSchema.safeParse({ ...kept, ...listed }).success).toBe(true);
  });

  it("with a huge error text takes no time that grows with its square", () => {
    for (const error of ["a".repeat(4_000_000), "a://b:".repeat(600_000), "http://".repeat(500_000)]) {
      const event = { type: "release", metadata: { error, errors: [{ ID: "a", Path: "b", Error: error }] } };
      expect(decodeFluxEvent(JSON.stringify(event)).summary.length).toBeLessThanOrEqual(4_096);
    }
  }, 60_000);

  it("never breaks the console, whatever it holds", () => {
    const metadata = fc.dictionary(
      fc.constantFrom(
        "revision",
        "Revision",
        "commits",
        "errors",
        "result",
        "spec",
        "cause",
        "includes",
        "error",
      ),
      fc.jsonValue(),
    );
    const event = fc.record({
      type: fc.string(),
      serviceIDs: fc.jsonValue(),
      metadata: fc.oneof(metadata, fc.jsonValue()),
    });
    fc.assert(
      fc.property(fc.oneof(event, fc.jsonValue()), (value) => {
        const {
          raw: _raw,
          spec: _spec,
          results: _results,
          ...shown
        } = decodeFluxEvent(JSON.stringify(value));
        expect(fluxEventSchema.safeParse({ ...kept, ...shown }).success).toBe(true);
      }),
    );
  });
});

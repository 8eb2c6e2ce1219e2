import { describe, expect, it } from "vitest";
import { event, hostA, scaled } from "../../testing/lattice-test-bed.ts";
import { recordedComponent, recordedScale } from "../../testing/recorded-components.ts";
import { componentVerdict } from "./component-verdict.ts";
import { scaleFinding } from "./scale-evidence.ts";

const at = "2026-11-23T08:00:00.000Z";
const on = (hostVersion: string, more: object = {}) => ({ hostVersion, ...more });

describe("a scale that was taken as a whole", () => {
  it.each([
    ["limits", (count: number) => count === 12],
    ["an empty map of limits", (count: number) => count === 5],
  ])("is verified, with %s", (_name, isMeant) => {
    const sent = recordedScale("1.9.2", ({ component_id, count }) => component_id === "a1" && isMeant(count));
    const running = recordedComponent("1.9.2", "a1", ({ maxInstances }) => maxInstances === sent.count);
    const asked = { maxInstances: sent.count, annotations: sent.annotations, limits: sent.component_limits };
    expect(componentVerdict(asked, running, at, on("1.9.2")).verdict).toBe("verified");
  });
});

describe("a scale of which something was not taken", () => {
  const running = recordedComponent("1.9.2", "a1", ({ annotations }) => annotations.team === "x");
  const sent = recordedScale("1.9.2", ({ annotations }) => annotations?.team === "y");
  const asked = { maxInstances: running.maxInstances, annotations: sent.annotations };

  it("has failed where the count is the same as before and the annotations are the old ones", () => {
    const verdict = componentVerdict(asked, running, at, on("1.9.2", { before: running }));
    expect(verdict).toMatchObject({
      verdict: "failed",
      message: expect.stringMatching(
        /Not taken: annotations \(the host has annotations team=x\)\. Scale to another count/,
      ),
    });
  });

  it("is unknown where nobody knows what was there before, or the count did change", () => {
    expect(componentVerdict(asked, running, at, on("1.9.2")).verdict).toBe("unknown");
    const before = { ...running, maxInstances: 77 };
    expect(componentVerdict(asked, running, at, on("1.9.2", { before })).verdict).toBe("unknown");
  });

  it("is not told by an event with the count that ran already", () => {
    const target = { hostId: hostA, componentId: "cart", maxInstances: 5, imageReference: "shop/cart:1.0" };
    const seen = event(scaled("cart", 5));
    expect(scaleFinding(target, seen, at)?.verdict).toBe("confirmed");
    expect(scaleFinding({ ...target, countProvesNothing: true }, seen, at)).toBeUndefined();
  });

  it("is never plainly verified when a host before 1.9.0 was given limits", () => {
    const sent = recordedScale("1.4.2", ({ component_limits }) => component_limits !== undefined);
    const old = recordedComponent("1.4.2", "a1", ({ annotations }) => annotations.team === "x");
    const asked = { maxInstances: old.maxInstances, limits: sent.component_limits };
    const before = { ...old, maxInstances: 77 };
    expect(componentVerdict(asked, old, at, on("1.4.2", { before }))).toMatchObject({
      verdict: "unknown",
      message: expect.stringMatching(
        /Not taken: limits .*Hosts before 1\.9\.0 have no limits \(1\.4\.2\)\.$/,
      ),
    });
  });

  it("with another image is unknown although the inventory names it: a scale loads no code", () => {
    const named = recordedComponent("1.9.2", "a1", ({ imageReference }) =>
      imageReference.endsWith("demo2.wasm"),
    );
    const before = { ...named, imageReference: "file:///data/wasm/demo1.wasm", maxInstances: 14 };
    const asked = { maxInstances: named.maxInstances, imageReference: named.imageReference };
    expect(componentVerdict(asked, named, at, on("1.9.2", { before }))).toMatchObject({
      verdict: "unknown",
      message: expect.stringMatching(/the code of file:\/\/\/data\/wasm\/demo1\.wasm goes on answering/),
    });
  });

  it("with other configs alone is unknown: the inventory is as before", () => {
    const asked = { maxInstances: running.maxInstances, config: ["eu"] };
    expect(componentVerdict(asked, running, at, on("1.9.2", { before: running }))).toMatchObject({
      verdict: "unknown",
      message: expect.stringMatching(/which configs it uses cannot be read/),
    });
  });
});

describe("what does not run as wanted", () => {
  it("has failed on hosts that announce failures, and may still come on those that do not", () => {
    const asked = { maxInstances: 1 };
    expect(componentVerdict(asked, undefined, at, on("1.9.2"))).not.toHaveProperty("mayStillCome");
    expect(componentVerdict(asked, undefined, at, on("1.1.1"))).not.toHaveProperty("mayStillCome");
    expect(componentVerdict(asked, undefined, at, on("1.0.4"))).toMatchObject({
      verdict: "failed",
      mayStillCome: true,
      message: expect.stringMatching(/1\.0\.4 announces hardly any failure: look into its log/),
    });
    expect(componentVerdict(asked, undefined, at, on("")).mayStillCome).toBe(true);
  });
});

describe("a stop", () => {
  it("is verified by its absence, and unknown where it was updated since its host started", () => {
    expect(componentVerdict({ maxInstances: 0 }, undefined, at, on("1.9.2")).verdict).toBe("verified");
    expect(
      componentVerdict({ maxInstances: 0 }, undefined, at, on("1.9.2", { update: { at, origin: "sent" } })),
    ).toMatchObject({
      verdict: "unknown",
      message: expect.stringMatching(/may go on answering until the host is restarted/),
    });
  });
});

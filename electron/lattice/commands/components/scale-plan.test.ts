import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ComponentRow } from "../../../../shared/lattice/schema.ts";
import type { ScaleKnowledge, ScaleParams } from "./scale-knowledge.ts";
import { planScale } from "./scale-plan.ts";

const hostId = `N${"A".repeat(55)}`;
const running: ComponentRow = {
  hostId,
  hostName: "quiet-river",
  id: "cart",
  annotations: { team: "checkout" },
  revision: 0,
  managedByWadm: false,
  imageReference: "shop/cart:1",
  maxInstances: 5,
  limits: { max_memory_limit: "1024" },
};
const params: ScaleParams = { hostId, componentId: "cart", maxInstances: 9 };
const known: ScaleKnowledge = {
  hostName: "quiet-river",
  hostVersion: "1.9.2",
  running,
  configFromHistory: ["defaults", "eu"],
};
const field = (plan: ReturnType<typeof planScale>, name: string) =>
  plan.fields.find((each) => each.field === name);

describe("a scale of a running component", () => {
  it("sends back everything that the request would replace, so that only the count changes (trap 42)", () => {
    const plan = planScale(params, known);
    expect(plan.request).toEqual({
      imageReference: "shop/cart:1",
      maxInstances: 9,
      annotations: { team: "checkout" },
      limits: { max_memory_limit: "1024" },
      config: ["defaults", "eu"],
    });
    expect(plan.fields.map(({ field, effect }) => [field, effect])).toEqual([
      ["maxInstances", "changed"],
      ["imageReference", "same"],
      ["annotations", "same"],
      ["limits", "same"],
      ["config", "same"],
    ]);
    expect(plan.warnings).toEqual([]);
    expect(field(plan, "config")?.knownFrom).toBe("history");
  });

  it("says that configs may be lost when nothing tells their names (trap 43)", () => {
    const plan = planScale(params, { ...known, configFromHistory: undefined });
    expect(field(plan, "config")).toMatchObject({
      now: "cannot be known",
      knownFrom: "unknowable",
      effect: "may-be-lost",
    });
    expect(plan.warnings.join()).toMatch(/replaces them: list the configs/);
  });

  it("keeps both lists of configs where an earlier scale may have taken effect", () => {
    const open = { ...known, openConfigs: [["defaults", "eu", "extra"]] };
    const plan = planScale(params, open);
    expect(field(plan, "config")).toMatchObject({
      now: "defaults, eu or defaults, eu, extra",
      after: "defaults, eu, extra",
      knownFrom: "unknowable",
      effect: "may-be-lost",
    });
    expect(plan.warnings.join()).toMatch(/either config list may be in use: list the configs/);
    expect(field(planScale({ ...params, config: ["eu"] }, open), "config")?.knownFrom).toBe("request");
  });

  it("marks what the operator's own request would lose", () => {
    const plan = planScale({ ...params, annotations: {}, config: ["eu"] }, known);
    expect(field(plan, "annotations")?.effect).toBe("lost");
    expect(field(plan, "config")?.effect).toBe("lost");
  });

  it("warns that wadm reverts it, and that another image is not loaded", () => {
    const plan = planScale(
      { ...params, imageReference: "shop/cart:2" },
      { ...known, running: { ...running, managedByWadm: true } },
    );
    expect(plan.managedByWadm).toBe(true);
    expect(plan.warnings.join()).toMatch(/wadm.*loads no image.*Stop and start it/);
  });

  it.each([
    [{ annotations: { team: "y" } }, "annotations"],
    [{ limits: { max_memory_limit: "1" } }, "limits"],
    [{ imageReference: "shop/cart:2" }, "imageReference"],
  ] as const)("with the same count, %j is ignored, and it says what would take it", (more, name) => {
    const plan = planScale({ ...params, maxInstances: 5, ...more }, known);
    expect(field(plan, name)?.effect).toBe("ignored");
    expect(plan.warnings.join()).toMatch(
      /takes nothing else: .* would stay\. Scale to another count and back, or stop and start/,
    );
    expect(field(planScale({ ...params, ...more }, known), name)?.effect).toBe("changed");
    const reconfigured = planScale({ ...params, maxInstances: 5, ...more, config: ["eu"] }, known);
    expect(field(reconfigured, name)?.effect).toBe("changed");
    expect(reconfigured.warnings.join()).not.toMatch(/ignores|takes nothing/);
  });

  it("with the same count may be ignored where nobody knows the configs", () => {
    const unknown = { ...known, configFromHistory: undefined };
    const plan = planScale({ ...params, maxInstances: 5, annotations: {} }, unknown);
    expect(field(plan, "annotations")?.effect).toBe("lost");
    expect(plan.warnings.join()).toMatch(
      /If its configs are the same, the host ignores the rest \(annotations\)/,
    );
  });

  it("to limits is ignored by hosts before 1.9.0, whatever the count", () => {
    const old = { ...known, hostVersion: "1.4.2", running: { ...running, limits: undefined } };
    const plan = planScale({ ...params, limits: { max_memory_limit: "1" } }, old);
    expect(field(plan, "limits")?.effect).toBe("ignored");
    expect(plan.warnings).toEqual(["Hosts before 1.9.0 ignore limits (this one is 1.4.2)."]);
  });

  it("to 0 stops it and loses nothing that matters", () => {
    const plan = planScale({ ...params, maxInstances: 0 }, { ...known, configFromHistory: undefined });
    expect(plan.fields.map(({ field }) => field)).toEqual(["maxInstances"]);
    expect(plan.warnings).toEqual([]);
  });

  it("names unbounded in words", () => {
    expect(field(planScale({ ...params, maxInstances: 4_294_967_295 }, known), "maxInstances")?.after).toBe(
      "unbounded",
    );
  });
});

it("a component that does not run there needs an image", () => {
  const plan = planScale(params, {
    hostName: "quiet-river",
    hostVersion: "1.9.2",
    running: undefined,
    configFromHistory: undefined,
  });
  expect(plan).toMatchObject({ running: false, request: { imageReference: "" } });
  expect(plan.warnings.join()).toMatch(/which image/);
});

it("never drops an annotation or limit unless asked to, whatever runs", () => {
  const map = fc.dictionary(fc.string({ minLength: 1 }), fc.string());
  fc.assert(
    fc.property(map, map, fc.nat(), (annotations, limits, maxInstances) => {
      const plan = planScale(
        { ...params, maxInstances },
        { ...known, running: { ...running, annotations, limits } },
      );
      expect(plan.request.annotations).toEqual(annotations);
      expect(plan.request.limits).toEqual(limits);
      expect(plan.fields.some(({ effect }) => effect === "lost")).toBe(false);
    }),
  );
});

it("the basis changes with the running state and with nothing else", () => {
  const basis = planScale(params, known).basis;
  expect(planScale({ ...params, maxInstances: 1 }, { ...known, configFromHistory: [] }).basis).toBe(basis);
  expect(planScale(params, { ...known, running: { ...running, maxInstances: 6 } }).basis).not.toBe(basis);
});

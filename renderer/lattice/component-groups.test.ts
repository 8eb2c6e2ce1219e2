import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ComponentRow } from "../../shared/lattice/schema.ts";
import { driftOf, groupComponents, noGroups, totalText, unbounded } from "./component-groups.ts";

function row(part: Partial<ComponentRow> = {}): ComponentRow {
  return {
    hostId: "N1",
    hostName: "quiet-river-1022",
    id: "cart",
    annotations: {},
    revision: 0,
    managedByWadm: false,
    imageReference: "registry.example.test/cart:2.0",
    maxInstances: 10,
    ...part,
  };
}

describe("groupComponents", () => {
  it("sums bounded maxima and counts unbounded hosts apart", () => {
    const rows = [
      row(),
      row({ hostId: "N2", maxInstances: 70 }),
      row({ hostId: "N3", maxInstances: unbounded }),
    ];
    const group = groupComponents(noGroups, rows).byId.get("cart");
    expect(group).toMatchObject({ hostCount: 3, total: 80, unboundedHosts: 1 });
    expect(totalText(group!)).toBe("80 + 1 unbounded");
  });

  it("names the most used image first", () => {
    const rows = [
      row({ imageReference: "cart:1.9" }),
      row({ hostId: "N2", imageReference: "cart:2.0" }),
      row({ hostId: "N3", imageReference: "cart:2.0" }),
    ];
    expect(groupComponents(noGroups, rows).list[0]?.images).toEqual(["cart:2.0", "cart:1.9"]);
  });

  it("keeps the group of a component that did not change", () => {
    const cart = row();
    const hello = row({ id: "hello" });
    const before = groupComponents(noGroups, [cart, hello]);
    const after = groupComponents(before, [row({ maxInstances: 11 }), hello]);
    expect(after.byId.get("hello")).toBe(before.byId.get("hello"));
    expect(after.byId.get("cart")?.total).toBe(11);
  });

  it("drops a component that left its last host", () => {
    const before = groupComponents(noGroups, [row(), row({ id: "hello" })]);
    expect(groupComponents(before, [row()]).list.map(({ id }) => id)).toEqual(["cart"]);
  });

  it("gives the same groups step by step as at once", () => {
    const rows = fc.array(
      fc
        .record({
          id: fc.constantFrom("a", "b", "c"),
          hostId: fc.constantFrom("N1", "N2", "N3"),
          maxInstances: fc.constantFrom(0, 1, 5, unbounded),
        })
        .map(row),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 5 }), (steps) => {
        const stepped = steps.reduce(groupComponents, noGroups);
        const atOnce = groupComponents(noGroups, steps.at(-1)!);
        expect(new Map(stepped.byId)).toEqual(new Map(atOnce.byId));
      }),
    );
  });
});

describe("driftOf", () => {
  it("sees no drift in maps that only differ in the order of keys", () => {
    expect(
      driftOf([row({ annotations: { a: "1", b: "2" } }), row({ annotations: { b: "2", a: "1" } })]),
    ).toEqual([]);
  });

  it("names each field that differs between hosts", () => {
    const rows = [
      row(),
      row({ imageReference: "cart:1", limits: { max_memory_limit: "1" }, maxInstances: 2 }),
    ];
    expect(driftOf(rows)).toEqual(["image", "limits", "max"]);
  });
});

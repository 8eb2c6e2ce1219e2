import { describe, expect, it } from "vitest";
import { operations } from "../../../shared/catalogue.ts";
import type { AuctionHost } from "../../../shared/lattice/auction-operations.ts";
import { type AuctionForm, auctionInput, bestOf, formErrors, formOf, questionOf } from "./auction-form.ts";
import { outcomeSummary, reasonsOf } from "./reasons.ts";

const form: AuctionForm = {
  kind: "component",
  id: " cart ",
  imageReference: " registry.example.test/shop/cart:2 ",
  constraints: [{ line: 0, key: "zone", value: "eu-1" }],
};
const place = { connectionId: "prod-eu", lattice: "shop" };

const host = (more: Partial<AuctionHost>): AuctionHost => ({
  hostId: "N1",
  hostName: "quiet-river",
  version: "1.9.2",
  status: "live",
  outcome: "bid",
  message: "",
  eligible: true,
  runsAlready: false,
  differences: [],
  load: { components: 1, instances: 1, providers: 1 },
  ...more,
});

describe("the form of an auction", () => {
  it.each(["component", "provider"] as const)("asks what the console takes for a %s", (kind) => {
    const { name, input } = auctionInput(questionOf({ ...form, kind }), place);
    expect(operations[name].input.safeParse(input).error).toBeUndefined();
    expect(input).toMatchObject({ ...place, constraints: { zone: "eu-1" }, [`${kind}Id`]: "cart" });
  });

  it("says what is wrong, field by field", () => {
    expect(formErrors(form)).toEqual({});
    expect(formErrors({ ...form, id: "", imageReference: " " })).toEqual({
      id: "Which id will it have?",
      imageReference: "An image reference is needed.",
    });
    const bad = { ...form, id: "a.b", constraints: [{ line: 0, key: "", value: "x" }] };
    expect(formErrors(bad)).toEqual({
      id: expect.stringContaining("no spaces, dots"),
      constraints: "A value needs a key.",
    });
  });

  it("begins with what another page asks for", () => {
    expect(formOf(new URLSearchParams("kind=provider&id=http-server&image=x:1"))).toEqual({
      kind: "provider",
      id: "http-server",
      imageReference: "x:1",
      constraints: [],
    });
    expect(formOf(new URLSearchParams("kind=nonsense"))).toMatchObject({ kind: "component", id: "" });
  });
});

describe("the outcome of an auction", () => {
  it("is a chip for each reason", () => {
    const texts = (more: Partial<AuctionHost>) => reasonsOf(host(more), "cart").map(({ text }) => text);
    const differences = [
      { key: "zone", wanted: "eu-1", found: "us-2" },
      { key: "disk", wanted: "ssd" },
    ];
    expect(texts({})).toEqual([]);
    expect(texts({ outcome: "label-differs", differences })).toEqual(["zone is us-2", "no label disk"]);
    expect(texts({ outcome: "already-runs" })).toEqual(["already runs cart"]);
    expect(texts({ outcome: "silent" })).toEqual(["silent"]);
    expect(texts({ outcome: "silent", status: "lost" })).toEqual(["lost"]);
    expect(texts({ outcome: "wrong-bid", differences: differences.slice(0, 1) })).toEqual([
      "wrong bid",
      "zone is us-2",
    ]);
  });

  it("is counted in words", () => {
    expect(outcomeSummary([host({}), host({}), host({ outcome: "silent" })])).toBe("2 bids · 1 silent");
    expect(outcomeSummary([])).toBe("no answer");
  });

  it("gives the best so many, never more than there are", () => {
    const ranked = ["a", "b", "c"].map((hostId) => host({ hostId }));
    expect(bestOf(ranked, 2)).toEqual(["a", "b"]);
    expect(bestOf(ranked, 9)).toEqual(["a", "b", "c"]);
    expect(bestOf(ranked, -1)).toEqual([]);
    expect(bestOf(ranked, Number.NaN)).toEqual([]);
  });
});

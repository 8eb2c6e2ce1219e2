import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unbounded } from "../component-groups.ts";
import { buttonText, countsFor, parseCount, planWarning, splitTotal } from "./scale-plan.ts";

describe("parseCount", () => {
  it.each([
    ["0", 0],
    [" 120 ", 120],
    ["1,284", 1284],
    ["unbounded", unbounded],
    ["4294967295", unbounded],
  ])("reads %j", (text, count) => {
    expect(parseCount(text)).toEqual({ ok: true, count });
  });

  it.each([
    ["-3", /below 0/],
    ["1.5", /whole number/],
    ["4294967296", /at most 4294967295/i],
    ["1e3", /whole number/],
    ["many", /whole number/],
    ["", /how many/i],
  ])("says what is wrong with %j", (text, message) => {
    const parsed = parseCount(text);
    expect(parsed.ok ? "" : parsed.message).toMatch(message);
  });
});

describe("splitTotal", () => {
  it("loses and adds nothing, and no host has more than one above another", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 1_000 }), (total, hosts) => {
        const shares = splitTotal(total, hosts);
        expect(shares).toHaveLength(hosts);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("leaves unbounded unbounded on each host", () => {
    expect(countsFor("total", unbounded, 2)).toEqual([unbounded, unbounded]);
  });

  it("warns when a total would stop some hosts", () => {
    expect(planWarning("total", 3, 8)).toContain("5");
    expect(planWarning("total", 8, 8)).toBeUndefined();
    expect(planWarning("per-host", 3, 8)).toBeUndefined();
  });
});

describe("buttonText", () => {
  const eight = Array.from({ length: 8 }, () => ({ hostName: "quiet-river-1022" }));
  it("says what will happen", () => {
    expect(buttonText({ component: "cart", mode: "per-host", count: 120, hosts: eight })).toBe(
      "Scale cart to 120 on 8 hosts",
    );
    expect(buttonText({ component: "cart", mode: "total", count: 120, hosts: eight })).toBe(
      "Scale cart to 120 in total on 8 hosts",
    );
    expect(buttonText({ component: "cart", mode: "per-host", count: 0, hosts: eight })).toBe(
      "Stop cart on 8 hosts",
    );
    expect(
      buttonText({
        component: "cart",
        mode: "total",
        count: unbounded,
        hosts: [{ hostName: "quiet-river" }],
      }),
    ).toBe("Scale cart to unbounded on quiet-river");
  });
});

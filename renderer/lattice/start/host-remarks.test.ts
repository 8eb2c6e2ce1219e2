import { describe, expect, it } from "vitest";
import { hostRemarks, type StartFacts } from "./host-remarks.ts";

const start: StartFacts = {
  kind: "component",
  id: "cart",
  imageReference: "shop/cart:2",
  limits: false,
  running: [
    { hostId: "N1", id: "cart", imageReference: "shop/cart:1" },
    { hostId: "N2", id: "other", imageReference: "shop/other:1" },
  ],
};
const remark = (part: Partial<StartFacts>, host: { id?: string; version?: string }) =>
  hostRemarks({ ...start, ...part })({ id: "N2", version: "1.9.2", ...host });

describe("remarks on the hosts of a start", () => {
  it("keep a host out that runs the same id, whatever else does", () => {
    expect(remark({}, { id: "N1" })).toEqual({
      text: "runs it already from shop/cart:1: scale it there, or stop and start it",
      blocks: true,
    });
    expect(remark({}, { id: "N2" })).toBeUndefined();
  });

  it("tell of limits that an old host ignores", () => {
    expect(remark({ limits: true }, { version: "1.8.0" })?.text).toBe("1.8.0 ignores limits");
    expect(remark({ limits: true }, { version: "1.9.0" })).toBeUndefined();
  });

  it("tell of failures that stay silent, and of builtins that are never answered", () => {
    expect(remark({}, { version: "1.0.4" })?.text).toMatch(/announces no failed start/);
    const builtin = { kind: "provider", imageReference: "wasmcloud+builtin://http-server" } as const;
    expect(remark(builtin, { version: "1.9.2" })?.text).toMatch(/never answers/);
    expect(remark(builtin, { version: "1.5.1" })).toBeUndefined();
    expect(remark({ ...builtin, imageReference: "x:1" }, { version: "1.9.2" })).toBeUndefined();
  });

  it("say nothing of a version that cannot be read", () => {
    expect(remark({ limits: true }, { version: "" })).toBeUndefined();
  });
});

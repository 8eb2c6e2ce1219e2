import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { operations } from "../../../shared/catalogue.ts";
import {
  componentStart,
  parseMemory,
  providerStart,
  type StartValues,
  startErrors,
  suggestedId,
} from "./start-values.ts";

const host = "NDO7WPL7O5NK6QMQBTQ74FU3NZMDA5C2CPKUZBLOTWA7WO4WIWN7UZ6P";
const place = { connectionId: "prod-eu", lattice: "shop" };
const values: StartValues = {
  imageReference: " registry.example.test/shop/cart:2.0.0 ",
  id: "cart",
  instances: "unbounded",
  annotations: [
    { line: 0, key: "team", value: "checkout" },
    { line: 1, key: "", value: "" },
  ],
  memory: "128 MiB",
  seconds: "30",
  config: ["cart-defaults"],
};

describe("the input of a start", () => {
  it("is what the form says, with limits as the decimal text that hosts read", () => {
    expect(componentStart(values, place, host)).toEqual({
      ...place,
      hostId: host,
      componentId: "cart",
      imageReference: "registry.example.test/shop/cart:2.0.0",
      maxInstances: 4_294_967_295,
      annotations: { team: "checkout" },
      limits: { max_memory_limit: "134217728", max_execution_time: "30" },
      config: ["cart-defaults"],
    });
  });

  it("has no limits where none are given, and a provider never has", () => {
    const plain = { ...values, memory: "", seconds: " " };
    expect(componentStart(plain, place, host)).not.toHaveProperty("limits");
    expect(providerStart(values, place, host)).not.toHaveProperty("limits");
  });

  it("is taken by the console whenever the form finds nothing wrong", () => {
    const text = fc.oneof(fc.string(), fc.constantFrom("cart", "1", "128 MiB", "a.b", "x:1", "9e9"));
    const anyValues: fc.Arbitrary<StartValues> = fc.record({
      imageReference: text,
      id: text,
      instances: text,
      annotations: fc.array(fc.record({ line: fc.nat(), key: text, value: text }), { maxLength: 3 }),
      memory: text,
      seconds: text,
      config: fc.array(text, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(anyValues, (some) => {
        const { input } = operations["lattice.components.start"];
        const good = Object.keys(startErrors("component", some)).length === 0;
        if (good) expect(input.safeParse(componentStart(some, place, host)).success).toBe(true);
      }),
    );
  });
});

describe("what is wrong with it", () => {
  it.each([
    [{ imageReference: " " }, { imageReference: "An image reference is needed." }],
    [{ id: "a.b" }, { id: expect.stringContaining("no spaces, dots") }],
    [{ instances: "0" }, { instances: expect.stringContaining("At least 1") }],
    [{ instances: "a few" }, { instances: expect.stringContaining("whole number") }],
    [{ memory: "12 parsecs" }, { memory: expect.stringContaining("128 MiB") }],
    [{ seconds: "0" }, { seconds: "A whole number of seconds." }],
    [{ config: ["a.b"] }, { config: expect.stringContaining("no dots") }],
    [{ annotations: [{ line: 0, key: "", value: "x" }] }, { annotations: "A value needs a key." }],
  ])("%j", (part, errors) => {
    expect(startErrors("component", { ...values, ...part })).toEqual(errors);
  });

  it("is not an id that runs elsewhere already, however odd", () => {
    expect(startErrors("component", { ...values, id: "dot.id" }, new Set(["dot.id"]))).toEqual({});
  });

  it("is nothing in the form as it is", () => {
    expect(startErrors("component", values)).toEqual({});
    expect(startErrors("provider", { ...values, instances: "", memory: "?" })).toEqual({});
  });
});

it.each([
  ["registry.example.test/shop/cart:2.0.0", "cart"],
  ["ghcr.io/wasmcloud/http-hello@sha256:abc", "http-hello"],
  ["file:///opt/built things/my.component.wasm", "my-component"],
  ["wasmcloud+builtin://http-server", "http-server"],
  ["localhost:5000/echo", "echo"],
  ["", ""],
])("suggests an id for %s: %s", (reference, id) => expect(suggestedId(reference)).toBe(id));

it.each([
  ["1048576", 1_048_576],
  ["1,000", 1_000],
  ["1.5 GiB", 1_610_612_736],
  ["64m", 64_000_000],
  ["0", undefined],
  ["-1", undefined],
  ["much", undefined],
])("reads %s as %s bytes", (text, bytes) => expect(parseMemory(text)).toBe(bytes));

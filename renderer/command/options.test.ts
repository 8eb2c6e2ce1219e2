import { expect, it } from "vitest";
import { argumentsOf } from "./options.ts";
import { writtenLines } from "./testing/written.ts";
import { natsCommandOf, washCommandOf } from "./wire-commands.ts";

it("ties a value that looks like an option to its own, and ends the options before the values", () => {
  expect(argumentsOf([["--lattice", "shop"], ["--delete"]], ["a", "b"])).toEqual([
    "--lattice",
    "shop",
    "--delete",
    "a",
    "b",
  ]);
  expect(argumentsOf([["--lattice", "-x"]], ["a", "--context=evil"])).toEqual([
    ...["--lattice=-x", "--", "a", "--context=evil"],
  ]);
  expect(argumentsOf([["--server", "@file"]], ["@file"])).toEqual(["--server=@file", "--", "@file"]);
});

it("is so for wash, whose values otherwise stand first", () => {
  const scale = (id: string) => {
    const payload = { component_id: id, component_ref: "x/cart:2", count: 1, config: ["-c"] };
    const address = "wasmbus.ctl.v1.shop.component.scale.N1";
    return writtenLines(washCommandOf({ protocol: "nats", address, payload }, undefined));
  };
  expect(scale("cart")).toBe(
    "wash scale component N1 x/cart:2 cart --max-instances 1 --config=-c --lattice shop",
  );
  expect(scale("--context=evil")).toBe(
    "wash scale component --max-instances 1 --config=-c --lattice shop -- N1 x/cart:2 --context=evil",
  );
});

it("is so for nats, which also fills in what stands between double braces", () => {
  const request = { protocol: "nats", address: "@file", payload: { a: "{{ID}}{{{x" } } as const;
  expect(writtenLines(natsCommandOf(request, undefined))).toBe(
    `nats request -- @file '{"a":"{'"\\\\"'u007bID}}{'"\\\\"'u007b{x"}'`,
  );
});

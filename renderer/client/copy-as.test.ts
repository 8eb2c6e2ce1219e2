import { expect, test } from "vitest";
import { wireCommandOf } from "./copy-as.ts";

test("a NATS request becomes a nats command with its exact body", () => {
  const command = wireCommandOf({
    protocol: "nats",
    address: "wasmbus.ctl.v1.default.host.get",
    payload: { it: "'s" },
  });
  expect(command).toBe(`nats request wasmbus.ctl.v1.default.host.get '{"it":"'"'"'s"}'`);
});

import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellQuote, wireCommandOf } from "./copy-as.ts";

test("a shell reads back exactly what was quoted", () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes("\0")),
      (text) => {
        const read = execFileSync("/bin/sh", ["-c", `printf %s ${shellQuote(text)}`]).toString();
        expect(read).toBe(text);
      },
    ),
    { numRuns: 60 },
  );
});

test("a NATS request becomes a nats command with its exact body", () => {
  const command = wireCommandOf({
    protocol: "nats",
    address: "wasmbus.ctl.v1.default.host.get",
    payload: { it: "'s" },
  });
  expect(command).toBe(`nats request 'wasmbus.ctl.v1.default.host.get' '{"it":"'\\''s"}'`);
});

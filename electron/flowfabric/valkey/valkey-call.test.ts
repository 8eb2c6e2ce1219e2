import type { Redis } from "iovalkey";
import { expect, test } from "vitest";
import { ValkeyCall } from "./valkey-call.ts";

/** A client that has taken a call, as a cluster's client holds one for a server that it is connecting to. */
function holding(): { client: Redis; held: () => ValkeyCall } {
  let taken: ValkeyCall | undefined;
  const sendCommand = (call: ValkeyCall): void => {
    taken = call;
  };
  return { client: { sendCommand } as unknown as Redis, held: () => taken as ValkeyCall };
}

test("a call that was given up does not leave any more, and is redirected nowhere", async () => {
  const { client, held } = holding();
  const call = new ValkeyCall("fcall", ["rotate", "1", "key", "k2", "secret"]);
  const answer = call.carryOut(client);
  let redirected = 0;
  const reject = held().reject;
  // As the client follows what a server says late.
  held().reject = (error) => {
    redirected += 1;
    reject(error);
  };
  held().reject(new Error("Command timed out"));
  await expect(answer).rejects.toThrow("Command timed out");
  expect(call.isSent).toBe(false);
  expect(String(held().toWritable({}))).toBe("*1\r\n$4\r\nPING\r\n");
  expect(call.isSent).toBe(false);
  held().reject(new Error("MOVED 1 127.0.0.1:2"));
  held().resolve("PONG");
  expect(redirected).toBe(1);
});

test("a call knows that it left", async () => {
  const { client, held } = holding();
  const call = new ValkeyCall("ping", []);
  const answer = call.carryOut(client);
  expect(String(held().toWritable({}))).toContain("ping");
  held().resolve(Buffer.from("PONG"));
  expect(await answer).toBe("PONG");
  expect(call.isSent).toBe(true);
});

test.each([
  ["fcall", ["rotate", "1", "ff:sec:{fp:7}:waitpoint_hmac"], 2729],
  ["ping", [], undefined],
])("%s %j has the slot %s", (name, args, slot) => {
  expect(new ValkeyCall(name, args).keySlot).toBe(slot);
});

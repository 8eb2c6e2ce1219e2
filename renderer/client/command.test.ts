import { expect, test } from "vitest";
import { type CallOptions, Failure } from "../../shared/contract/index.ts";
import { type Caller, runCommand } from "./command.ts";

const input = { connectionId: "c", hostId: "N", componentId: "cart", maxInstances: 3 };

/** A console that asks once for a confirmation and records what it was called with. */
function guarded(): { caller: Caller; calls: (CallOptions | undefined)[] } {
  const calls: (CallOptions | undefined)[] = [];
  const caller = async (_name: string, _input: unknown, options?: CallOptions) => {
    calls.push(options);
    if (options?.confirmation?.token === "t-1") return { id: "activity" };
    throw new Failure({ code: "confirmation_required", message: "confirm", details: { token: "t-1" } });
  };
  return { caller: caller as unknown as Caller, calls };
}

test("a confirmed command answers the question with its token and phrase", async () => {
  const { caller, calls } = guarded();
  const options = { reason: "sale", batch: "b", confirmed: { phrase: "prod" } };
  const output = await runCommand({ name: "lattice.components.scale", input, options }, caller);
  expect(output).toEqual({ id: "activity" });
  expect(calls).toEqual([
    { reason: "sale", batch: "b" },
    { reason: "sale", batch: "b", confirmation: { token: "t-1", phrase: "prod" } },
  ]);
});

test("a command that nobody confirmed stays refused", async () => {
  const { caller, calls } = guarded();
  const run = runCommand({ name: "lattice.components.scale", input }, caller);
  await expect(run).rejects.toMatchObject({ code: "confirmation_required" });
  expect(calls).toHaveLength(1);
});

test("another failure is not answered with a second call", async () => {
  let calls = 0;
  const caller = (async () => {
    calls += 1;
    throw new Failure({ code: "forbidden", message: "read-only", details: { token: "t-1" } });
  }) as unknown as Caller;
  const run = runCommand({ name: "lattice.components.scale", input, options: { confirmed: {} } }, caller);
  await expect(run).rejects.toMatchObject({ code: "forbidden" });
  expect(calls).toBe(1);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { hostileRuns } from "../../../recordings/fuzz.ts";
import { flowFabricExchanges } from "../../../recordings/recordings.ts";
import { executionRowSchema, waitpointRowSchema } from "../../../shared/flowfabric/execution-schema.ts";
import { hostileVersion, jsonText } from "../../../shared/testing/hostile-json.ts";
import { parseWithLargeIntegers } from "../../upstream/lossless-json.ts";
import { executionRow, timeOfNumber, waitpointRow } from "../queries/execution-rows.ts";
import { readListReply } from "../valkey/partitions.ts";
import { parseMetrics } from "./metrics.ts";
import { budgetReplySchema, executionReplySchema, waitpointsReplySchema } from "./replies.ts";
import { explainCode } from "./retry-classes.ts";

const execution = {
  ...{ execution_id: "{fp:7}:0b6c", namespace: "n", lane_id: "l", priority: 1, execution_kind: "k" },
  state_vector: {
    ...{ lifecycle_phase: "active", ownership_state: "leased", eligibility_state: "not_applicable" },
    ...{
      blocking_reason: "none",
      terminal_outcome: "none",
      attempt_state: "running",
      public_state: "active",
    },
  },
  ...{ public_state: "active", created_at: "1700000000000", started_at: "1700000000000" },
  ...{ current_attempt_index: 0, flow_id: null, blocking_detail: "" },
};
const waitpoint = {
  ...{ waitpoint_id: "w", waitpoint_key: "k", state: "open", required_signal_names: ["go"] },
  ...{ created_at: 1_700_000_000_000, expires_at: 1_700_000_000_000, execution_id: "{fp:7}:0b6c" },
  ...{ token_kid: "kid", token_fingerprint: "f" },
};
const budget = {
  ...{ budget_id: "b", scope_type: "lane", scope_id: "l", enforcement_mode: "strict" },
  ...{ usage: { calls: 1 }, hard_limits: { calls: "18446744073709551615" }, soft_limits: {} },
  ...{ breach_count: 0, soft_breach_count: 0, last_breach_at: null, last_breach_dim: null },
  ...{ next_reset_at: "1700000000000", created_at: "1700000000000" },
};

/** The bodies of good answers that were recorded of a kind of path. */
function recorded(path: RegExp): unknown[] {
  const good = flowFabricExchanges().filter(({ method, status }) => method === "GET" && status === 200);
  return good.filter((each) => path.test(each.path)).map(({ body }) => body);
}

test("whatever a reply holds, it is read or refused, and its row is one of the contract", () => {
  const reads = [
    (value: unknown) => {
      const read = executionReplySchema.safeParse(value);
      if (read.success) executionRowSchema.parse(executionRow(read.data, "valkey"));
    },
    (value: unknown) => {
      const read = waitpointsReplySchema.safeParse([value]);
      for (const one of read.data ?? []) waitpointRowSchema.parse(waitpointRow(one));
    },
    (value: unknown) => {
      const read = budgetReplySchema.safeParse(value);
      const { usage = {}, hard_limits = {}, soft_limits = {} } = read.data ?? {};
      for (const amounts of [usage, hard_limits, soft_limits])
        for (const amount of Object.values(amounts)) expect(BigInt(amount)).toBeLessThan(2n ** 64n);
    },
  ];
  const samples = [
    [execution, ...recorded(/^\/v1\/executions\/[^/?]+$/)],
    [waitpoint, ...recorded(/pending-waitpoints$/).flat()],
    [budget, ...recorded(/^\/v1\/budgets\/[^/?]+$/)],
  ];
  for (const [index, read] of reads.entries()) for (const sample of samples[index] ?? []) read(sample);
  fc.assert(
    fc.property(fc.nat(2), fc.nat(), fc.nat(), (index, which, seed) => {
      const own = samples[index] as unknown[];
      const text = jsonText(hostileVersion(own[which % own.length], seed)) || "null";
      let value: unknown;
      try {
        value = parseWithLargeIntegers(text);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
        return;
      }
      reads[index]?.(value);
    }),
    hostileRuns(1_500),
  );
});

test.each([1.5, -1, 1e21, "1e3", "-1", "18446744073709551616", "9".repeat(30)])(
  "%s is no amount",
  (amount) => {
    expect(budgetReplySchema.safeParse({ ...budget, usage: { calls: amount } }).success).toBe(false);
  },
);

test.each([1e300, -1e300, 8.64e15, Number.MAX_SAFE_INTEGER])(
  "%d milliseconds are a time of four digits a year",
  (ms) => {
    expect(timeOfNumber(ms)).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(readListReply(1, ["1", "OK", "kid", "x", "old", String(ms)]).verifying[0]?.expiresAt).toMatch(
      /^\d{4}-/,
    );
  },
);

test("names that every object inherits explain nothing and set nothing", () => {
  expect(explainCode("constructor")).toBeUndefined();
  const { samples } = parseMetrics('m{__proto__="x",constructor="y"} 1\n');
  expect(Object.entries(samples[0]?.labels ?? {})).toEqual([
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
});

test("a line of many megabytes is counted as malformed", () => {
  expect(parseMetrics(`a{l="${"x".repeat(8_000_000)}"} 1\nb 2\n`)).toMatchObject({
    samples: [{ name: "b" }],
    malformedLines: 1,
  });
});

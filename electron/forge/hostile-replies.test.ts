import fc from "fast-check";
import { expect, test } from "vitest";
import { hostileVersion, jsonText } from "../../shared/testing/hostile-json.ts";
import { prettyJson } from "./lossless-json.ts";
import { parsePrometheus } from "./prometheus.ts";
import * as wire from "./wire.ts";
import { databaseSeriesWire, metricSeriesWire, timelineWire } from "./wire-series.ts";

const time = "2026-11-23T14:02:11Z";
const process = { process_id: "p", queue_name: "q", host_id: "h", started_at: time, heartbeat_at: time };
const job = {
  ...{
    id: "01J",
    queue_name: "q",
    kind: "mail",
    status: "failed",
    priority: 0,
    attempts: 1,
    max_attempts: 3,
  },
  ...{ enqueued_at: time, scheduled_at: time, last_error: "boom" },
};
const replies = [
  {
    schema: wire.overviewWire,
    value: [
      {
        ...{ name: "q", paused: false, max_workers: 4, processes: [process], retain_done_days: 7 },
        ...{ retain_dead_days: 7, backoff_enabled: true, backoff_base_seconds: 1, backoff_max_seconds: 60 },
        counts: { pending: 1, scheduled: 0, in_progress: 0, done: 5, failed: 0, dead: 0 },
        ...{ throttled_until: time, oldest_pending_age_seconds: 3.5 },
      },
    ],
  },
  { schema: wire.jobPageWire, value: { rows: [job], total: 1 } },
  { schema: wire.inspectWire, value: { row: job, error_history: [{ at: time, attempt: 1, message: "x" }] } },
  {
    schema: timelineWire,
    value: [{ at: time, enqueued: 1, started: 1, retried: 0, completed: 1, failed: 0 }],
  },
  { schema: metricSeriesWire, value: [{ at: time, enqueued: 1, completed: 1, failed: 0, proc_p50_ms: 3 }] },
  { schema: databaseSeriesWire, value: [{ host: "h", buckets: [{ at: time, read_p50_ms: 1 }] }] },
];

test("whatever a reply holds, it is read or refused, and every number in it is one", () => {
  fc.assert(
    fc.property(fc.constantFrom(...replies), fc.nat(), ({ schema, value }, seed) => {
      const read = schema.safeParse(hostileVersion(value, seed));
      if (!read.success) return;
      structuredClone(read.data);
      expect(JSON.stringify(read.data)).not.toMatch(/:null/);
    }),
    { numRuns: 1_500, seed: 20_261_129, endOnFailure: true },
  );
});

const metrics =
  'queue_pending_jobs{queue="default",host="a\\"b"} 0 1700000000000\n# TYPE took histogram\ntook_bucket{le="0.5"} 3\n';

test("whatever a line of metrics holds, the others count", () => {
  const piece = fc.constantFrom(
    '"',
    "\\",
    "{",
    "}",
    "=",
    "\n",
    "#",
    "NaN",
    "1e999",
    "__proto__",
    "x".repeat(70_000),
    " ",
  );
  fc.assert(
    fc.property(fc.nat(metrics.length), fc.array(piece, { maxLength: 20 }), (place, pieces) => {
      const text = `${metrics.slice(0, place)}${pieces.join("")}${metrics.slice(place)}\nwitness 7\n`;
      const { families, problems } = parsePrometheus(text);
      expect(families.find(({ name }) => name === "witness")?.samples).toMatchObject([{ value: 7 }]);
      for (const { message } of problems) expect(message.length).toBeLessThan(200);
    }),
    { numRuns: 500, seed: 20_261_129, endOnFailure: true },
  );
});

test("a label of many megabytes and a million bad lines are problems, and no exception", () => {
  const long = `a{l="${"x".repeat(8_000_000)}"} 1\nb 2\n`;
  expect(parsePrometheus(long)).toMatchObject({ families: [{ name: "b" }], problems: [{ line: 1 }] });
  expect(parsePrometheus("?\n".repeat(1_000_000)).problems).toHaveLength(1_000);
});

test("JSON for reading is refused where it is nested without end", () => {
  expect(() => prettyJson("[".repeat(50_000) + "]".repeat(50_000))).toThrow(SyntaxError);
  expect(prettyJson(jsonText({ a: [1] }))).toContain('"a"');
});

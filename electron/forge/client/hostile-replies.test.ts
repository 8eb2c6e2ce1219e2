import fc from "fast-check";
import { expect, test } from "vitest";
import type { z } from "zod";
import { damagedText, hostileRuns } from "../../../recordings/fuzz.ts";
import { Failure } from "../../../shared/contract/index.ts";
import { hostileVersion, jsonText } from "../../../shared/testing/hostile-json.ts";
import { memberTexts } from "../../upstream/lossless-json.ts";
import { parsePrometheus } from "../../upstream/prometheus.ts";
import { asked, whole } from "../testing/recorded-calls.ts";
import { replayingServer, textOf } from "../testing/replaying-server.ts";
import * as wire from "./wire.ts";
import { databaseSeriesWire, metricSeriesWire, resourceSeriesWire, timelineWire } from "./wire-series.ts";

const schemas: readonly (readonly [string, z.ZodType])[] = [
  ["/queue/overview", wire.overviewWire],
  ["/queue/workers", wire.workersWire],
  ["/queue/processes", wire.processesWire],
  ["/storage/info", wire.storageWire],
  ["/jobs/list", wire.jobPageWire],
  ["/jobs/inspect/", wire.inspectWire],
  ["/cron", wire.schedulesWire],
  ["/queue/timeline", timelineWire],
  ["/queue/metric-series", metricSeriesWire],
  ["/queue/resource-series", resourceSeriesWire],
  ["/queue/db-series", databaseSeriesWire],
];
const replies = schemas.flatMap(([route, schema]) => {
  const recorded = whole.filter(
    ({ path, status, body }) =>
      status === 200 && path.startsWith(route) && typeof body === "object" && body !== null,
  );
  return recorded.map(({ body }) => ({ schema, value: body }));
});

test("whatever a reply holds, it is read or refused, and every number in it is one", () => {
  fc.assert(
    fc.property(fc.constantFrom(...replies), fc.nat(), ({ schema, value }, seed) => {
      const read = schema.safeParse(hostileVersion(value, seed));
      if (!read.success) return;
      structuredClone(read.data);
      expect(JSON.stringify(read.data)).not.toMatch(/:null/);
    }),
    hostileRuns(1_500),
  );
});

test("whatever comes over the wire, a call ends with what was read, or with a failure that says so", async () => {
  const server = await replayingServer();
  try {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...asked), fc.nat(), async ({ exchange, call }, seed) => {
        const isDamaged = seed % 2 === 0;
        const text = isDamaged
          ? damagedText(textOf(exchange), seed >>> 1)
          : jsonText(hostileVersion(exchange.body, seed));
        server.give(exchange, text);
        const ending = await call(server.client).then(
          (value) => structuredClone(value),
          (error: unknown) => error,
        );
        if (ending instanceof Error) expect(ending).toBeInstanceOf(Failure);
      }),
      hostileRuns(600),
    );
  } finally {
    server.stop();
  }
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
    hostileRuns(500),
  );
});

test("a label of many megabytes and a million bad lines are problems, and no exception", () => {
  const long = `a{l="${"x".repeat(8_000_000)}"} 1\nb 2\n`;
  expect(parsePrometheus(long)).toMatchObject({ families: [{ name: "b" }], problems: [{ line: 1 }] });
  expect(parsePrometheus("?\n".repeat(1_000_000)).problems).toHaveLength(1_000);
});

test("JSON for reading is refused where it is nested without end", () => {
  expect(() => memberTexts("[".repeat(50_000) + "]".repeat(50_000), "a")).toThrow(SyntaxError);
  expect(memberTexts(jsonText({ a: [1] }), "a")).toEqual(["[\n  1\n]"]);
});

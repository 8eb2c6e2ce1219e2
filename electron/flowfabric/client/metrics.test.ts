import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMetrics } from "./metrics.ts";

test("reads samples with labels, without buckets and the exporter's own mark", () => {
  const text = [
    "# TYPE ff_http_requests_total counter",
    'ff_http_requests_total{method="GET",path="/v1/executions/{id}",status="200",otel_scope_name="ff"} 12',
    'ff_http_request_duration_seconds_bucket{le="5",otel_scope_name="ff"} 12',
    'ff_http_request_duration_seconds_sum{method="GET",otel_scope_name="ff"} 0.25',
    "ff_cancel_backlog_depth 0 1777800000000",
    'odd{a="quote \\" and } brace"} 1',
    "nonsense",
    "",
  ].join("\n");
  expect(parseMetrics(text)).toEqual({
    samples: [
      {
        name: "ff_http_requests_total",
        labels: { method: "GET", path: "/v1/executions/{id}", status: "200" },
        value: 12,
      },
      { name: "ff_http_request_duration_seconds_sum", labels: { method: "GET" }, value: 0.25 },
      { name: "ff_cancel_backlog_depth", labels: {}, value: 0 },
      { name: "odd", labels: { a: 'quote " and } brace' }, value: 1 },
    ],
    malformedLines: 1,
  });
});

test("counts every line of anything", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (lines) => {
      const text = lines.map((line) => line.replaceAll("\n", " ")).join("\n");
      const { samples, malformedLines } = parseMetrics(text);
      expect(samples.length + malformedLines).toBeLessThanOrEqual(lines.length);
    }),
  );
});

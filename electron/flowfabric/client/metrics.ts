import type { MetricSample } from "../../../shared/flowfabric/server-schema.ts";
import { parsePrometheus } from "../../upstream/prometheus.ts";

/**
 * The samples of an ff-server's metrics. Histogram buckets are left out: the server's are in whole seconds, so that nothing
 * below five can be told from them (flowfabric-admin §1.9). A line without a finite number counts as malformed.
 */
export function parseMetrics(text: string): { samples: MetricSample[]; malformedLines: number } {
  const { families, malformedLines } = parsePrometheus(text);
  const all = families.flatMap(({ samples }) => samples);
  const samples = all.flatMap(({ name, labels, value }) => {
    if (value === null || name.endsWith("_bucket")) return [];
    // The exporter's own mark is on every sample and tells nothing.
    const { otel_scope_name: _mark, ...own } = labels;
    return [{ name, labels: own, value }];
  });
  return { samples, malformedLines: malformedLines + all.filter(({ value }) => value === null).length };
}

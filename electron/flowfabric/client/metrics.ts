import type { MetricSample } from "../../../shared/flowfabric/server-schema.ts";

const samplePattern =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[^"{}]|"(?:[^"\\]|\\.)*")*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/;
/** One label, where the last one ended: looked for anywhere, it would be tried anew from each letter of a long word. */
const labelPattern = /[\s,]*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"/gy;

/** A line that a regular expression can still go back through. */
const longestLine = 65_536;

/**
 * Reads Prometheus text. Histogram buckets are left out: the server's are in whole seconds, so that nothing below five can
 * be told from them (flowfabric-admin §1.9). A line that cannot be read is counted.
 */
export function parseMetrics(text: string): { samples: MetricSample[]; malformedLines: number } {
  const samples: MetricSample[] = [];
  let malformedLines = 0;
  for (const line of text.split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const sample = line.length > longestLine ? undefined : readSample(line);
    if (!sample) malformedLines += 1;
    else if (!sample.name.endsWith("_bucket")) samples.push(sample);
  }
  return { samples, malformedLines };
}

function readSample(line: string): MetricSample | undefined {
  const match = samplePattern.exec(line);
  const value = numberOf(match?.[3] ?? "");
  if (!match || value === undefined) return undefined;
  const labels: [string, string][] = [];
  // The exporter's own mark is on every sample and tells nothing.
  for (const [, name = "", raw = ""] of (match[2] ?? "").matchAll(labelPattern))
    if (name !== "otel_scope_name") labels.push([name, unescapeLabel(raw)]);
  return { name: match[1] ?? "", labels: Object.fromEntries(labels), value };
}

function numberOf(text: string): number | undefined {
  const value = Number(text);
  return text !== "" && Number.isFinite(value) ? value : undefined;
}

function unescapeLabel(text: string): string {
  return text.replace(/\\(.)/g, (_whole, character: string) => (character === "n" ? "\n" : character));
}

export interface Sample {
  /** The family's name, with `_bucket`, `_sum` or `_count` for histograms. */
  name: string;
  labels: Record<string, string>;
  /** Null where it is not a finite number; `text` has it. */
  value: number | null;
  text: string;
}

export interface MetricFamily {
  name: string;
  type: MetricType;
  help: string;
  samples: Sample[];
}

export interface ParsedMetrics {
  families: MetricFamily[];
  /** The first of the lines that could not be read. */
  problems: { line: number; message: string }[];
  malformedLines: number;
}

/** A line that a regular expression can still go back through. */
const longestLine = 65_536;
const mostProblems = 1_000;

const types = ["counter", "gauge", "histogram", "summary", "untyped"] as const;
type MetricType = (typeof types)[number];

const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const label = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\\n]|\\.)*)"\s*(,|(?=\}))/;
const suffixes: Readonly<Record<string, readonly string[]>> = {
  histogram: ["_bucket", "_sum", "_count"],
  summary: ["_sum", "_count"],
};

/**
 * Parses the Prometheus text format 0.0.4. Never throws: a line that cannot be read becomes a problem with its number, from 1,
 * and the rest still counts. Families stand in the order of their first line.
 */
export function parsePrometheus(text: string): ParsedMetrics {
  const reader = new FamilyReader();
  const problems: ParsedMetrics["problems"] = [];
  let malformedLines = 0;
  for (const [index, line] of text.split("\n").entries()) {
    const problem = line.length > longestLine ? "the line is too long" : reader.take(line.replace(/\r$/, ""));
    if (problem === undefined) continue;
    malformedLines += 1;
    if (problems.length < mostProblems) problems.push({ line: index + 1, message: problem });
  }
  return { families: [...reader.families.values()], problems, malformedLines };
}

class FamilyReader {
  readonly families = new Map<string, MetricFamily>();

  /** Takes one line; answers with what is wrong with it. */
  take(line: string): string | undefined {
    if (line.trim() === "") return undefined;
    if (line.startsWith("#")) return this.takeComment(line);
    const sample = readSample(line);
    if (typeof sample === "string") return sample;
    this.familyOf(sample.name).samples.push(sample);
    return undefined;
  }

  private takeComment(line: string): string | undefined {
    const match = /^#[ \t]+(HELP|TYPE)[ \t]+(\S+)(?:[ \t]|$)/.exec(line);
    if (!match) return undefined;
    const [all, kind, family = ""] = match;
    const rest = line.slice(all.length).replace(/^[ \t]+/, "");
    if (name.exec(family)?.[0] !== family) return `"${family.slice(0, 100)}" is no name of a metric`;
    if (kind === "HELP") {
      this.family(family).help = rest.replace(/\\([\\n])/g, (_all, letter) => (letter === "n" ? "\n" : "\\"));
      return undefined;
    }
    const type = types.find((each) => each === rest.trim());
    if (!type) return `"${rest.slice(0, 100)}" is no type of a metric`;
    this.family(family).type = type;
    return undefined;
  }

  private family(wanted: string): MetricFamily {
    const known = this.families.get(wanted);
    if (known) return known;
    const fresh: MetricFamily = { name: wanted, type: "untyped", help: "", samples: [] };
    this.families.set(wanted, fresh);
    return fresh;
  }

  /** Histograms and summaries have samples under longer names. */
  private familyOf(sample: string): MetricFamily {
    for (const suffix of ["_bucket", "_sum", "_count"]) {
      if (!sample.endsWith(suffix)) continue;
      const family = this.families.get(sample.slice(0, -suffix.length));
      if (family && suffixes[family.type]?.includes(suffix)) return family;
    }
    return this.family(sample);
  }
}

function readSample(line: string): Sample | string {
  const trimmed = line.trim();
  const metric = name.exec(trimmed)?.[0];
  if (metric === undefined) return "the line begins with no name of a metric";
  const labels = readLabels(trimmed.slice(metric.length));
  if (typeof labels === "string") return labels;
  const [text = "", timestamp, ...more] = labels.rest.trim().split(/\s+/);
  const value = readNumber(text);
  if (value === undefined) return `"${text.slice(0, 100)}" is no number`;
  if (more.length > 0 || (timestamp !== undefined && !/^-?\d+$/.test(timestamp)))
    return "there is more than value and time";
  return { name: metric, labels: labels.labels, value: Number.isFinite(value) ? value : null, text };
}

function readLabels(text: string): { labels: Record<string, string>; rest: string } | string {
  const open = /^\s*\{/.exec(text);
  if (!open) return /^\s/.test(text) ? { labels: {}, rest: text } : "a value is missing";
  const labels: [string, string][] = [];
  let rest = text.slice(open[0].length);
  for (;;) {
    const close = /^\s*\}/.exec(rest);
    if (close) return { labels: Object.fromEntries(labels), rest: rest.slice(close[0].length) };
    const match = label.exec(rest);
    if (!match) return "the labels cannot be read";
    labels.push([match[1] as string, unescaped(match[2] as string)]);
    rest = rest.slice(match[0].length);
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (all, letter: string) =>
    letter === "n" ? "\n" : letter === '"' || letter === "\\" ? letter : all,
  );
}

function readNumber(text: string): number | undefined {
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (!word) return undefined;
  if (word[2]?.toLowerCase() === "nan") return Number.NaN;
  return word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

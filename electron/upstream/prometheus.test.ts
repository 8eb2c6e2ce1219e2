import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePrometheus } from "./prometheus.ts";

const escaped = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

describe("the Prometheus text", () => {
  it("is read into families with types, help, labels and values", () => {
    const text = [
      "# a plain comment",
      "# HELP queue_pending_jobs Jobs\\nready \\\\ now",
      "# TYPE queue_pending_jobs gauge",
      'queue_pending_jobs{queue="default"} 0',
      'queue_pending_jobs{ queue = "a \\"b\\" \\\\ c\\nd" , } 1.5e3 1700000000000',
      "",
      "# TYPE took histogram",
      'took_bucket{le="0.5"} 3',
      'took_bucket{le="+Inf"} 4',
      "took_sum 9.25",
      "took_count 4",
      "lonely NaN\r",
    ].join("\n");
    const { families, problems } = parsePrometheus(text);
    expect(problems).toEqual([]);
    expect(families.map(({ name, type, samples }) => [name, type, samples.length])).toEqual([
      ["queue_pending_jobs", "gauge", 2],
      ["took", "histogram", 4],
      ["lonely", "untyped", 1],
    ]);
    expect(families[0]?.help).toBe("Jobs\nready \\ now");
    expect(families[0]?.samples[1]).toEqual({
      name: "queue_pending_jobs",
      labels: { queue: 'a "b" \\ c\nd' },
      value: 1_500,
      text: "1.5e3",
    });
    expect(families[1]?.samples[1]).toMatchObject({ labels: { le: "+Inf" }, value: 4 });
    expect(families[2]?.samples[0]).toMatchObject({ value: null, text: "NaN" });
  });

  it.each([
    ["1abc 5", /name/],
    ["a", /value/],
    ['a{b="c" 5', /labels/],
    ["a{b=c} 5", /labels/],
    ["a five", /five/],
    ["a 5 6 7", /more/],
    ["# TYPE a thing", /thing/],
    ["# HELP 1a x", /name/],
  ])("%s is a problem of its line, and the next line still counts", (line, problem) => {
    const { families, problems } = parsePrometheus(`\n${line}\ngood 1\n`);
    expect(problems).toEqual([{ line: 2, message: expect.stringMatching(problem) }]);
    expect(parsePrometheus(`${line}\n`.repeat(1_500)).malformedLines).toBe(1_500);
    expect(families.at(-1)).toMatchObject({ name: "good", samples: [{ value: 1 }] });
  });

  it("gives back what was written, whatever the labels hold", () => {
    const metric = fc.stringMatching(/^[a-z_:][a-z0-9_:]{0,8}$/);
    const labels = fc.dictionary(fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/), fc.string(), { maxKeys: 3 });
    const value = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0);
    fc.assert(
      fc.property(fc.array(fc.record({ metric, labels, value })), (samples) => {
        const lines = samples.map(({ metric: wanted, labels: given, value: number }) => {
          const pairs = Object.entries(given).map(([key, text]) => `${key}="${escaped(text)}"`);
          return `${wanted}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${number}`;
        });
        const { families, problems } = parsePrometheus(lines.join("\n"));
        expect(problems).toEqual([]);
        for (const sample of samples) {
          const family = families.find(({ name }) => name === sample.metric);
          expect(family?.samples).toContainEqual({
            name: sample.metric,
            labels: { ...sample.labels },
            value: sample.value,
            text: String(sample.value),
          });
        }
      }),
    );
  });

  it("never throws, and counts its lines right", () => {
    const soup = fc.string({ unit: fc.constantFrom(...'ab_{}="\\ ,#\n1.e+\r'), maxLength: 80 });
    fc.assert(
      fc.property(fc.oneof(soup, fc.string()), (text) => {
        const lines = text.split("\n").length;
        for (const { line } of parsePrometheus(text).problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["blanks before a line that ends oddly", `# HELP x${" ".repeat(60_000)}\u2028`],
    ["digits that end as no number", `x ${"1".repeat(60_000)}x`],
    ["blanks", `x${" ".repeat(60_000)}x`],
    ["labels that never end", `x{${"a".repeat(60_000)}`],
    ["names", "a".repeat(60_000)],
    ["a label that is none", `x{${"a".repeat(60_000)}} 1`],
    ["labels without end", `x{${'a="b",'.repeat(10_000)}`],
    ["digits of a time", `x 1 ${"1".repeat(60_000)}x`],
  ])(
    "is read with work in proportion to its length: %s",
    (_what, line) => {
      const lines = Array<string>(100).fill(line);
      expect(parsePrometheus(lines.join("\n")).families.length).toBeLessThanOrEqual(1);
    },
    60_000,
  );
});

import { build } from "esbuild";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments, stringify } from "yaml";
import { fluxCalls } from "../../../recordings/recordings.ts";
import { cleanExport } from "./export-worker.ts";

/** As Go writes it: YAML 1.1, items under their key, long texts folded. */
const asGoWrites = { version: "1.1", indentSeq: false, lineWidth: 80 } as const;
/** As kubectl reads it. */
const asGoReads = { version: "1.1", uniqueKeys: false } as const;

/** What the real daemon exported. */
function recordedExport(): string {
  const exports = fluxCalls()
    .filter(({ request }) => request.includes("RPCServer.Export"))
    .map(({ response }) => (JSON.parse(response).result as { Result?: string } | null)?.Result ?? "");
  const [longest = ""] = exports.sort((left, right) => right.length - left.length);
  return Buffer.from(longest, "base64").toString("utf8");
}

interface Resource {
  kind: string;
  metadata: Record<string, unknown>;
  spec: unknown;
}

function resourcesOf(text: string): Resource[] {
  const documents = parseAllDocuments(text, asGoReads);
  if (!Array.isArray(documents)) return [];
  for (const { errors } of documents) expect(errors).toEqual([]);
  return documents.map((document) => document.toJS() as Resource);
}

/** What fluxctl drops: nulls and maps that hold nothing. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const members = Object.entries(value).map(([key, member]) => [key, withoutNothing(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => !isNothing(member)));
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0;
}

describe("the export of the real daemon", () => {
  const recorded = recordedExport();

  it("keeps of each resource what fluxctl keeps, with every type as a 1.1 reader sees it", async () => {
    const before = resourcesOf(recorded);
    const after = resourcesOf(await cleanExport(recorded));
    expect(after.length).toBe(before.length);
    for (const [index, { kind, metadata, spec }] of before.entries()) {
      expect(after[index]?.kind).toBe(kind);
      expect(after[index]?.spec).toEqual(withoutNothing(spec));
      const { name, namespace, labels } = metadata;
      expect(after[index]?.metadata).toMatchObject(withoutNothing({ name, namespace, labels }) as object);
      expect(Object.keys(after[index]?.metadata ?? {})).not.toContain("managedFields");
    }
  });

  it("has no line that did not come, but for items that lost their first key", async () => {
    const lines = new Set(recorded.split("\n"));
    const changed = (await cleanExport(recorded)).split("\n").filter((line) => !lines.has(line));
    expect(changed.every((line) => /^\s*- /.test(line))).toBe(true);
  });

  it("is written without its quotes by whoever takes it for YAML 1.2", () => {
    const quoted = recorded.match(/: "(yes|off|On|y|N|1_000|0b101)"$/gm) ?? [];
    expect(quoted.length).toBeGreaterThan(3);
    expect(stringify(parse(`a${quoted[0]}`))).not.toContain('"');
  });
});

describe("texts that look like something else", () => {
  const texts = [
    "yes",
    "off",
    "On",
    "y",
    "N",
    "1_000",
    "0o7",
    "0777",
    "0b101",
    "0x_1F",
    "1e3",
    "685_230.15",
    "12:30:45",
    "2026-10-01",
    "=",
    "~",
    "<<",
    "null",
    "",
    "- a",
    "a: b",
    "#",
  ];

  it.each(texts)("%j stays a text, as value, item and key", async (text) => {
    const quoted = JSON.stringify(text);
    const env = `    - name: A\n      value: ${quoted}\n`;
    const args = `    args:\n    - ${quoted}\n`;
    const source = `kind: Deployment\nmetadata:\n  annotations:\n    ${quoted}: ${quoted}\n    "n": x\n  name: a\nspec:\n  env:\n${env}  c:\n${args}`;
    const cleaned = await cleanExport(source);
    expect(cleaned).toBe(source);
    expect(resourcesOf(cleaned)).toEqual(resourcesOf(source));
  });

  it("of any kind are what they were, however they are nested", async () => {
    const text = fc.oneof(
      fc.constantFrom(...texts),
      fc.string(),
      fc.string({ unit: "grapheme" }),
      fc.lorem({ maxCount: 40 }),
      fc.constant("a\n\n b\n"),
    );
    const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(
          fc.oneof(fc.constantFrom("a", "n", "off", "b.c/d"), fc.lorem({ maxCount: 1 })),
          tie("value"),
          { maxKeys: 4 },
        ),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom("template", "replicas", "x"), value), async (spec) => {
        const source = stringify({ kind: "Deployment", spec, status: { a: 1 } }, asGoWrites);
        const cleaned = await cleanExport(source);
        const kept = withoutNothing({
          kind: "Deployment",
          spec: (parse(source, asGoReads) as Resource).spec,
        });
        expect(parse(cleaned, asGoReads)).toEqual(kept);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

function deployment(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  uid: 7f3a
  annotations:
    deployment.kubernetes.io/revision: "3"
    example.com/kept: "yes"
spec:
  template:
    metadata:
      creationTimestamp: null
      labels: {app: ${name}}
    volumes:
    - emptyDir: {}
      name: cache
    - emptyDir: {}
status: {replicas: 3}
`;
}

describe("an export", () => {
  it("has what belongs into a repository, resource by resource", async () => {
    const text = `---\n${deployment("a")}---\n${deployment("b")}--- # the last\n${deployment("c")}...\n`;
    const cleaned = await cleanExport(text);
    expect(cleaned.split("---\n")).toHaveLength(3);
    expect(cleaned).not.toMatch(/status|uid|revision|creationTimestamp/);
    expect(cleaned.match(/^ {2}name: \w/gm)).toEqual(["  name: a", "  name: b", "  name: c"]);
    expect(cleaned).toContain('example.com/kept: "yes"');
    expect(cleaned).toContain("    - name: cache\n    - {}\n");
  });

  it.each([
    ["%YAML 1.2\n---\nkind: Pod\n", "kind: Pod\n"],
    [
      "kind: Pod\nspec:\n  text: |\n    --- no document\n    ---\n",
      "kind: Pod\nspec:\n  text: |\n    --- no document\n    ---\n",
    ],
    ["", ""],
    ["---\n---\n", ""],
    ["kind: Pod\nspec: {}\nmetadata: null\n", "kind: Pod\n"],
  ])("%j", async (text, cleaned) => {
    expect(await cleanExport(text)).toBe(cleaned);
  });

  it.each([
    ["a: [", /./],
    ["a: &x [1]\nb: *x\n", /alias/],
    [`a: ${"x".repeat(600_000)}`, /512 KiB/],
    [`${"[".repeat(5_000)}${"]".repeat(5_000)}`, /./],
    ['kind: "Pod\n', /does not end/],
    ["spec: {a: 1}\n", /one line/],
    ["kind: Pod\n\ttabs: 1\n", /no key/],
    ["just words\n", /no key/],
  ])("%.30j is refused", async (text, reason) => {
    await expect(cleanExport(text)).rejects.toThrow(reason);
  });

  it("with very many keys takes no time that grows with their square", async () => {
    const keys = Array.from({ length: 25_000 }, (_, index) => `  k${index}: v\n`).join("");
    expect(await cleanExport(`spec:\n${keys}`)).toContain("k24999: v");
  }, 60_000);

  it("of ten megabytes lets the console go on meanwhile", async () => {
    const recorded = recordedExport();
    const text = Array.from({ length: Math.ceil(10_000_000 / recorded.length) }, () => recorded).join(
      "---\n",
    );
    let turns = 0;
    const count = (): void => {
      turns++;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    expect((await cleanExport(text)).length).toBeGreaterThan(1_000_000);
    clearImmediate(next);
    expect(turns).toBeGreaterThan(100);
  }, 60_000);

  it("is cleaned in the bundle too, whatever it calls the functions", async () => {
    const entryPoint = new URL("export-worker.ts", import.meta.url).pathname;
    const common = {
      bundle: true,
      format: "cjs",
      platform: "node",
      target: "node18.15",
      write: false,
    } as const;
    for (const minify of [false, true]) {
      const { outputFiles } = await build({ entryPoints: [entryPoint], minify, ...common });
      const module = { exports: {} as { cleanExport?: typeof cleanExport } };
      new Function("module", "require", outputFiles[0]?.text ?? "")(module, (name: string) =>
        process.getBuiltinModule(name),
      );
      expect(await module.exports.cleanExport?.(deployment("a"))).toBe(await cleanExport(deployment("a")));
    }
  });
});

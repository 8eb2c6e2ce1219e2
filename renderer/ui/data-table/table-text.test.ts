import { describe, expect, it } from "vitest";
import type { DataColumn } from "./column.ts";
import { toCsv, toNdjson, toTsv } from "./delimited.ts";
import { compileTableFilter, filterFieldsOf } from "./table-filter.ts";
import { readTableAddress, writeTableAddress } from "./table-url.ts";
import { driftText, orderDrift } from "./use-held-order.ts";
import { extendTo, keepPresent, nothingSelected, toggleRow } from "./use-row-selection.ts";

interface Host {
  name: string;
  labels: Record<string, string>;
  count?: number;
}
const columns: DataColumn<Host>[] = [
  { id: "name", header: "Name", value: (row) => row.name },
  { id: "labels", header: "Labels", value: (row) => row.labels },
  { id: "count", header: "Count", align: "end", value: (row) => row.count },
];
const river: Host = { name: "quiet-river", labels: { zone: "eu-1", note: 'says "hi"' }, count: 3 };
const odd: Host = { name: "=cmd()\tx", labels: {} };

describe("copy and export", () => {
  it("copies rows that a spreadsheet takes apart into the same cells", () => {
    expect(toTsv(columns, [river, odd])).toBe(
      'Name\tLabels\tCount\nquiet-river\tzone=eu-1, note=says "hi"\t3\n\'=cmd() x\t\t',
    );
  });

  it("quotes CSV and defuses what a spreadsheet would run", () => {
    expect(toCsv(columns, [river, odd])).toBe(
      'Name,Labels,Count\r\nquiet-river,"zone=eu-1, note=says ""hi""",3\r\n\'=cmd()\tx,,\r\n',
    );
    expect(toCsv(columns, [{ name: "x", labels: {}, count: -3 }])).toContain(",-3\r\n");
  });

  it.each(["=1", "+1", "-x", "@a", " =1", "\n=1", "\r\n+1", "\t@a", "\u00a0=1", '"=1', "'=1", "＝1", "＠a"])(
    "defuses %j wherever it is put",
    (name) => {
      const row = { name, labels: {} };
      expect(toTsv(columns, [row]).split("\n").at(-1)).toMatch(/^'/);
      expect(toCsv(columns, [row]).slice("Name,Labels,Count\r\n".length)).toMatch(/^"?'/);
    },
  );

  it("keeps a cell one cell, and shows what would not be seen", () => {
    const row = { name: '"a\tb\r\nc\u0000\u001b\u007f\u0085\u202e', labels: {} };
    expect(toTsv(columns, [row]).split("\n").slice(1)).toEqual([
      `'"a b c\\u0000\\u001b\\u007f\\u0085\\u202e\t\t`,
    ]);
    expect(toCsv(columns, [row])).toContain(`"""a\tb\nc\\u0000\\u001b\\u007f\\u0085\\u202e",`);
    const [line = ""] = toNdjson([row]).split("\n");
    expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(JSON.parse(line)).toEqual(row);
  });

  it("exports whole rows as NDJSON", () => {
    const lines = toNdjson([river, odd]).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([river, odd]);
  });
});

describe("a table's address", () => {
  const known = new Set(["name", "labels", "count"]);

  it("reads back what it writes, beside what belongs to others", () => {
    const address = {
      filter: "zone=eu",
      sort: { column: "count", descending: true },
      columns: ["count", "name"],
    };
    const written = writeTableAddress(new URLSearchParams("open=N1"), "hosts", address);
    expect(written.get("open")).toBe("N1");
    expect(readTableAddress(new URLSearchParams(written.toString()), "hosts", known)).toEqual(address);
    expect(readTableAddress(written, "providers", known)).toEqual({ filter: "" });
  });

  it("leaves defaults out and forgets columns that do not exist", () => {
    const written = writeTableAddress(new URLSearchParams("hosts.filter=x"), "hosts", { filter: "" });
    expect(written.toString()).toBe("");
    const stale = new URLSearchParams("hosts.sort=gone&hosts.columns=gone,name,name");
    expect(readTableAddress(stale, "hosts", known)).toEqual({ filter: "", columns: ["name"] });
  });
});

describe("a table's filter", () => {
  const fields = filterFieldsOf(columns);
  const fits = (text: string) =>
    [river, odd].filter(compileTableFilter(text, fields).test).map((row) => row.name);

  it("finds words in shown texts, labels by key and value, and numbers by size", () => {
    expect(fits("RIVER")).toEqual(["quiet-river"]);
    expect(fits("labels:zone=eu-1")).toEqual(["quiet-river"]);
    expect(fits("count:>2 -name:odd")).toEqual(["quiet-river"]);
    expect(fits("3")).toEqual([]);
  });

  it("names a column that does not exist and shows nothing for it", () => {
    expect(fits("nme:river")).toEqual([]);
    expect(compileTableFilter("nme:river", fields).problems[0]?.message).toContain("nme");
  });
});

describe("an order that is held", () => {
  it("counts the least number of rows that would move", () => {
    expect(orderDrift(["a", "b", "c", "d"], ["d", "a", "b", "c"])).toEqual({
      moved: 1,
      added: 0,
      removed: 0,
    });
    expect(orderDrift(["a", "b"], ["b", "x"])).toEqual({ moved: 0, added: 1, removed: 1 });
    expect(driftText({ moved: 12, added: 0, removed: 1 })).toBe("order paused · 12 moved · 1 gone");
    expect(driftText({ moved: 0, added: 0, removed: 0 })).toBeUndefined();
  });
});

describe("selection", () => {
  const order = ["a", "b", "c", "d"];
  it("grows from the anchor in the shown order, in both directions", () => {
    const first = toggleRow(nothingSelected, "c");
    expect([...extendTo(first, order, "a").keys].sort()).toEqual(["a", "b", "c"]);
    expect([...extendTo(first, order, "d").keys].sort()).toEqual(["c", "d"]);
  });

  it("lets go of rows that are gone and stays itself otherwise", () => {
    const chosen = toggleRow(toggleRow(nothingSelected, "a"), "b");
    expect([...keepPresent(chosen, (key) => key !== "a").keys]).toEqual(["b"]);
    expect(keepPresent(chosen, () => true)).toBe(chosen);
  });
});

import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseFilter } from "../../shared/contract/filter.ts";
import { compileFilter } from "../../shared/contract/filter-match.ts";
import { eventFilterFields } from "../../shared/events/filter.ts";
import type { EventRow } from "../../shared/events/schema.ts";
import { openDatabase } from "./database.ts";
import { EventLog, type NewEvent } from "./event-log.ts";
import { eventMigrations } from "./migrations/index.ts";

// Letters whose case is not as simple as that of ASCII, and what LIKE would take for a pattern.
const pieces = [
  "a",
  "B",
  "b",
  "K",
  "\u212a",
  "Ä",
  "ä",
  "ß",
  "İ",
  "i",
  "%",
  "_",
  "\\",
  "*",
  ".",
  "'",
  " ",
  "\0",
  "cart",
  "CART",
];
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 3 }).map((parts) => parts.join(""));
const optionalText = fc.option(text, { nil: undefined });

const event: fc.Arbitrary<NewEvent> = fc.record({
  connectionId: fc.constantFrom("local", "far"),
  lattice: fc.oneof(fc.constantFrom("default", "Default"), text),
  receivedAt: fc.constant("2026-11-23T12:00:00.000Z"),
  time: optionalText,
  type: fc.oneof(fc.constantFrom("malformed", "Malformed", "component_scaled"), text),
  known: fc.boolean(),
  severity: fc.constantFrom("info", "good", "warning", "bad"),
  source: optionalText,
  sourceName: optionalText,
  entityKind: fc.constantFrom("host", "component", "provider", "link", "config", "other"),
  entityId: text,
  summary: text,
  subject: fc.constantFrom("wasmbus.evt.default.x", "wasmbus.evt.default.y"),
  raw: text,
});

const quoted = fc
  .oneof(
    text.filter((any) => any.length > 0),
    fc.constantFrom("malformed", "unknown", "BAD", "mal", "component", "default"),
  )
  .map((any) => `"${any.replace(/["\\]/g, "\\$&")}"`);
const field = fc.constantFrom(
  "type",
  "host",
  "id",
  "kind",
  "severity",
  "lattice",
  "is",
  "text",
  "raw",
  "RAW",
);
const minus = fc.constantFrom("", "-");
const term = fc.oneof(
  fc.tuple(minus, quoted).map((parts) => parts.join("")),
  fc
    .tuple(minus, field, fc.constantFrom(":", ":~"), fc.array(quoted, { minLength: 1, maxLength: 2 }))
    .map(([sign, name, colon, values]) => `${sign}${name}${colon}${values.join(",")}`),
  fc.tuple(minus, field, fc.constantFrom(":>1", ":<=1")).map((parts) => parts.join("")),
);
const filterText = fc.array(term, { maxLength: 3 }).map((terms) => terms.join(" "));

let log: EventLog;
let rows: (EventRow & { raw?: string })[];
beforeAll(() => {
  const database = openDatabase(":memory:", { migrations: eventMigrations, durable: false });
  log = new EventLog(database);
  const events = fc.sample(event, { numRuns: 400, seed: 20_261_123 });
  rows = log.append(events).map((row) => ({ ...row, raw: log.get(row.sequence)?.raw }));
});
afterAll(() => log.close());

test("the log finds exactly the rows that the filter fits in memory", () => {
  let found = 0;
  fc.assert(
    fc.property(filterText, fc.constantFrom(undefined, "local"), (filter, connectionId) => {
      const { test: fits, problems } = compileFilter(parseFilter(filter), eventFilterFields);
      expect(problems).toEqual([]);
      const expected = rows
        .filter((row) => fits(row) && (connectionId === undefined || row.connectionId === connectionId))
        .map((row) => row.sequence);
      const page = log.search({ filter, connectionId, limit: 1_000 });
      expect(page.rows.map((row) => row.sequence).reverse()).toEqual(expected);
      const exported = [...log.export({ filter, connectionId })].map((line) => JSON.parse(line).sequence);
      expect(exported).toEqual(expected);
      found += expected.length;
    }),
    { numRuns: 500 },
  );
  expect(found).toBeGreaterThan(1_000);
});

test("a limit cuts the same list, and says that there is more", () => {
  fc.assert(
    fc.property(filterText, fc.integer({ min: 1, max: 30 }), (filter, limit) => {
      const all = log.search({ filter, limit: 1_000 }).rows;
      const page = log.search({ filter, limit });
      expect(page.rows).toEqual(all.slice(0, limit));
      expect(page.more).toBe(all.length > limit);
    }),
    { numRuns: 100 },
  );
});

test("a lattice is taken exactly, unlike in a filter", () => {
  const lattices = new Set(log.search({ lattice: "default", limit: 1_000 }).rows.map((row) => row.lattice));
  expect(lattices).toEqual(new Set(["default"]));
  const ignoring = log.search({ filter: "lattice:default", limit: 1_000 }).rows.map((row) => row.lattice);
  expect(new Set(ignoring)).toEqual(new Set(["default", "Default"]));
});

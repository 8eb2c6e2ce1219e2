import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ActivityQuery, activityQuerySchema, fitsActivityQuery } from "../../shared/activity/query.ts";
import { type Activity, activityStates } from "../../shared/contract/activity.ts";
import { ActivityLog } from "./activity-log.ts";
import { type Database, inMemory, openDatabase } from "./database.ts";
import { consoleMigrations } from "./migrations/index.ts";

const word = fc.constantFrom("cart", "CART", "Käse", "50%", "a_b", "\\", "quiet-river", "(secret)", "");
const time = fc.integer({ min: 0, max: 40 }).map((minute) => new Date(minute * 60_000).toISOString());
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const anActivity = fc.record({
  state: fc.constantFrom(...activityStates),
  operation: fc.constantFrom("lattice.components.scale", "lattice.hosts.stop"),
  connectionId: fc.constantFrom("a", "b"),
  title: word,
  message: word,
  reason: optional(word),
  actor: word,
  batch: optional(fc.constantFrom("one", "two")),
  startedAt: time,
  target: optional(
    fc.record({ kind: fc.constant("component" as const), id: word, label: word, hostName: optional(word) }),
  ),
});
const aQuery: fc.Arbitrary<ActivityQuery> = fc.record(
  {
    connectionId: fc.constantFrom("a", "b"),
    state: fc.uniqueArray(fc.constantFrom(...activityStates), { minLength: 1 }).map((some) => some.join(",")),
    operation: fc.constantFrom("lattice.components.scale", "none"),
    target: word.filter((text) => text !== ""),
    text: word.filter((text) => text !== ""),
    from: time,
    to: time.map((text) => text.replace(".000Z", "Z")),
    batch: fc.constantFrom("one", "three"),
  },
  { requiredKeys: [] },
);

const rows: Activity[] = fc.sample(anActivity, { numRuns: 300, seed: 7 }).map((part, index) => ({
  ...part,
  id: `id${index}`,
  transport: "ipc",
  input: {},
  evidence: [],
  steps: [],
  updatedAt: part.startedAt,
}));

let database: Database;
let log: ActivityLog;
beforeAll(() => {
  database = openDatabase(inMemory, { migrations: consoleMigrations, durable: false });
  log = new ActivityLog(database);
  for (const row of rows) log.append(row);
});
afterAll(() => database.close());

test("the log finds exactly what the page takes for a match, newest first", () => {
  fc.assert(
    fc.property(aQuery, (query) => {
      expect(activityQuerySchema.safeParse(query).success).toBe(true);
      const expected = rows.filter((row) => fitsActivityQuery(row, query)).map(({ id }) => id);
      expect(log.list({ ...query, limit: 1_000 }).map(({ id }) => id)).toEqual(expected.reverse());
    }),
    { numRuns: 300 },
  );
});

test("pages join without a gap and without doubles, however the pages are cut", () => {
  fc.assert(
    fc.property(aQuery, fc.integer({ min: 1, max: 90 }), (query, limit) => {
      const read: string[] = [];
      for (;;) {
        const page = log.list({ ...query, before: read.at(-1), limit });
        read.push(...page.map(({ id }) => id));
        if (page.length < limit) break;
      }
      expect(read).toEqual(log.list({ ...query, limit: 1_000 }).map(({ id }) => id));
    }),
    { numRuns: 100 },
  );
});

test("a query names the field that it cannot read", () => {
  const problem = (query: object) => activityQuerySchema.safeParse(query).error?.issues[0];
  expect(problem({ state: "verified,lost" })).toMatchObject({ path: ["state"] });
  expect(problem({ from: "yesterday" })).toMatchObject({ path: ["from"] });
  expect(problem({ target: "" })).toMatchObject({ path: ["target"] });
});

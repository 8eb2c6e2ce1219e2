import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { type Entry, emptyEntries, syncEntries } from "./entries.ts";
import { fullOrder, mendOrder, type OrderQuery } from "./order.ts";
import { OrderEngine, type SlicedRunner } from "./order-engine.ts";
import { finish, slicedSort } from "./sliced-sort.ts";

interface Row {
  id: string;
  rank?: number | string;
}
const keyOf = (row: Row) => row.id;
const byRank = (descending = false): OrderQuery<Row> => ({
  matches: (row) => row.rank !== "hidden",
  sortKey: (row) => row.rank,
  descending,
});
const keys = (order: readonly Entry<Row>[]) => order.map((entry) => entry.key);
const entriesOf = (rows: Row[]) => syncEntries(emptyEntries<Row>(), rows, keyOf).entries;

const rows = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-z]{1,3}$/),
    rank: fc.constantFrom(undefined, 1, 2, 30, "a", "b", "hidden"),
  }),
  { selector: keyOf, maxLength: 40 },
);

describe("order", () => {
  it("puts numbers before texts, nothing last in both directions, and equal ones by key", () => {
    const set = entriesOf([
      { id: "x" },
      { id: "c", rank: "t" },
      { id: "b", rank: 10 },
      { id: "a", rank: 10 },
      { id: "d", rank: 9 },
    ]);
    expect(keys(finish(fullOrder(set, byRank())))).toEqual(["d", "a", "b", "c", "x"]);
    expect(keys(finish(fullOrder(set, byRank(true))))).toEqual(["c", "a", "b", "d", "x"]);
  });

  it("sorts in slices as a native sort does", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 3_000, maxLength: 6_000 }), (numbers) => {
        expect(finish(slicedSort(numbers, (a, b) => a - b))).toEqual([...numbers].sort((a, b) => a - b));
      }),
      { numRuns: 10 },
    );
  });

  it("comes to the same by mending as anew", () => {
    fc.assert(
      fc.property(rows, rows, (before, updates) => {
        const first = entriesOf(before);
        const order = finish(fullOrder(first, byRank()));
        const known = new Set(before.map(keyOf));
        const changes = new Map(updates.filter((row) => known.has(row.id)).map((row) => [row.id, row]));
        const after = before.map((row) => changes.get(row.id) ?? row);
        const { changed } = syncEntries(first, after, keyOf);
        expect(keys(finish(mendOrder(order, changed, byRank())))).toEqual(
          keys(finish(fullOrder(entriesOf(after), byRank()))),
        );
      }),
    );
  });
});

const atOnce: SlicedRunner = (work, done) => {
  done(finish(work));
  return () => undefined;
};

describe("OrderEngine", () => {
  it("ends with the right order whatever came, changed and went", () => {
    vi.useFakeTimers();
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 5 }), (steps) => {
        const query = byRank();
        const engine = new OrderEngine<Row>({ rowKey: keyOf, query, run: atOnce });
        for (const step of steps) {
          engine.setRows(step);
          vi.advanceTimersByTime(1_000);
        }
        const expected = finish(fullOrder(entriesOf(steps.at(-1)!), query));
        expect(keys(engine.snapshot().order)).toEqual(keys(expected));
      }),
    );
    vi.useRealTimers();
  });

  it("shows a changed row at once and reorders a moment later", () => {
    vi.useFakeTimers();
    const engine = new OrderEngine<Row>({ rowKey: keyOf, query: byRank(), run: atOnce });
    engine.setRows([
      { id: "a", rank: 1 },
      { id: "b", rank: 2 },
    ]);
    engine.setRows([
      { id: "a", rank: 30 },
      { id: "b", rank: 2 },
    ]);
    expect(engine.snapshot().order.map((entry) => entry.row.rank)).toEqual([30, 2]);
    vi.advanceTimersByTime(1_000);
    expect(keys(engine.snapshot().order)).toEqual(["b", "a"]);
    vi.useRealTimers();
  });

  it("answers no question before the first order is worked out, so that nobody takes it for an empty answer", () => {
    let end: () => void = () => undefined;
    const later: SlicedRunner = (work, done) => {
      end = () => done(finish(work));
      return () => undefined;
    };
    const query = byRank();
    const engine = new OrderEngine<Row>({ rowKey: keyOf, query, run: later });
    engine.setRows([{ id: "a", rank: 1 }]);
    expect(engine.snapshot()).toMatchObject({ order: [], query: undefined });
    end();
    expect(keys(engine.snapshot().order)).toEqual(["a"]);
    expect(engine.snapshot().query).toBe(query);
  });

  it("drops work for a question that is no longer asked", () => {
    const pending: (() => void)[] = [];
    const later: SlicedRunner = (work, done) => {
      let dropped = false;
      pending.push(() => dropped || done(finish(work)));
      return () => {
        dropped = true;
      };
    };
    const engine = new OrderEngine<Row>({ rowKey: keyOf, query: byRank(), run: later });
    engine.setRows([
      { id: "a", rank: 1 },
      { id: "b", rank: 2 },
    ]);
    const descending = byRank(true);
    engine.setQuery(descending);
    for (const run of pending) run();
    expect(engine.snapshot().query).toBe(descending);
    expect(keys(engine.snapshot().order)).toEqual(["b", "a"]);
  });
});

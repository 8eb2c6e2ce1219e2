import fc from "fast-check";
import { expect, test } from "vitest";
import { Collection } from "./collection.ts";

interface Row {
  id: string;
  value: number;
}
const key = (row: Row) => row.id;
const ids = fc.integer({ min: 0, max: 12 }).map((number) => `row-${number}`);
const rows = fc.uniqueArray(fc.record({ id: ids, value: fc.nat() }), { maxLength: 8, selector: key });
const change = fc.record({ upsert: rows, remove: fc.array(ids, { maxLength: 5 }), look: fc.boolean() });

const sorted = (values: Iterable<Row>) => [...values].sort((left, right) => left.id.localeCompare(right.id));

test("any sequence of changes gives what a Map would hold", () => {
  fc.assert(
    fc.property(rows, fc.array(change, { maxLength: 20 }), (start, changes) => {
      const collection = new Collection(key);
      collection.reset(start);
      const model = new Map(start.map((row) => [row.id, row]));
      for (const { upsert, remove, look } of changes) {
        collection.apply(upsert, remove);
        for (const row of upsert) model.set(row.id, row);
        for (const id of remove) model.delete(id);
        if (look) expect(sorted(collection.rows())).toEqual(sorted(model.values()));
      }
      expect(sorted(collection.rows())).toEqual(sorted(model.values()));
      for (const [id, row] of model) expect(collection.get(id)).toBe(row);
    }),
  );
});

test("a stream stays in the order of arrival, a changed row counting as new", () => {
  const collection = new Collection(key, 3);
  collection.apply(
    [
      { id: "a", value: 1 },
      { id: "b", value: 1 },
      { id: "c", value: 1 },
    ],
    [],
  );
  collection.apply([{ id: "a", value: 2 }], []);
  expect(collection.rows().map((row) => row.id)).toEqual(["b", "c", "a"]);
  collection.apply([{ id: "d", value: 1 }], ["c"]);
  expect(collection.rows().map((row) => row.id)).toEqual(["b", "a", "d"]);
});

test("rows given out never change, and unchanged rows keep their identity", () => {
  const collection = new Collection(key);
  const first = { id: "a", value: 1 };
  collection.reset([first, { id: "b", value: 2 }]);
  const before = collection.rows();
  collection.apply([{ id: "b", value: 3 }], []);
  const after = collection.rows();
  expect(before.map((row) => row.value)).toEqual([1, 2]);
  expect(after).not.toBe(before);
  expect(after[0]).toBe(first);
  expect(after[1]).toEqual({ id: "b", value: 3 });
});

test("a change without content keeps the same array", () => {
  const collection = new Collection(key);
  collection.reset([{ id: "a", value: 1 }]);
  const before = collection.rows();
  collection.apply([], []);
  expect(collection.rows()).toBe(before);
});

test("a stream keeps its newest rows and forgets the oldest", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(rows, { maxLength: 10 }), (newest, batches) => {
      const collection = new Collection(key, newest);
      for (const batch of batches) collection.apply(batch, []);
      const kept = collection.rows();
      expect(kept.length).toBeLessThanOrEqual(newest);
      const last = batches.flat().at(-1);
      if (last) expect(kept).toContainEqual(last);
      for (const row of kept) expect(collection.get(row.id)).toBe(row);
    }),
  );
});

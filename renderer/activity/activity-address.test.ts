import fc from "fast-check";
import { expect, test } from "vitest";
import { activityStates } from "../../shared/contract/index.ts";
import { emptyQuery, fieldTextOf, instantOf, readQuery, writeQuery } from "./activity-address.ts";

const text = fc.string({ minLength: 1, maxLength: 200 });

test("a query comes back from the address as it was, beside what else stands there", () => {
  const query = fc.record(
    {
      connectionId: text,
      state: fc
        .uniqueArray(fc.constantFrom(...activityStates), { minLength: 1 })
        .map((some) => some.join(",")),
      operation: text,
      target: text,
      text,
      batch: text,
      from: fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") })
        .map((date) => date.toISOString()),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(query, (wanted) => {
      const written = writeQuery(new URLSearchParams({ open: "a1", target: "before" }), {
        ...emptyQuery,
        ...wanted,
      });
      const read = new URLSearchParams(written.toString());
      expect(readQuery(read)).toEqual(wanted);
      expect(read.get("open")).toBe("a1");
    }),
  );
});

test("what somebody wrote into the address by hand and cannot be read is left out", () => {
  const parameters = new URLSearchParams({ state: "lost", from: "yesterday", target: "cart" });
  expect(readQuery(parameters)).toEqual({ target: "cart" });
});

test("a time field shows and reads the same minute, in UTC and in local time", () => {
  for (const utc of [true, false]) {
    expect(instantOf(fieldTextOf("2026-11-23T14:02:00.000Z", utc), utc)).toBe("2026-11-23T14:02:00.000Z");
    expect(instantOf("", utc)).toBeUndefined();
    expect(fieldTextOf(undefined, utc)).toBe("");
  }
});

import { describe, expect, test } from "vitest";
import { parseFilter } from "./filter.ts";
import { compileFilter, type FilterFields, matches } from "./filter-match.ts";

interface Host {
  name: string;
  max: number;
  note?: string;
  images: string[];
  labels: Record<string, string>;
}

const host: Host = {
  name: "Quiet-River-1022",
  max: 12,
  images: ["ghcr.io/shop/cart:1.0", "ghcr.io/shop/till:2.1"],
  labels: { zone: "eu-1", "hostcore.os": "linux" },
};

const fields: FilterFields<Host> = {
  fields: {
    name: (row) => row.name,
    max: (row) => row.max,
    note: (row) => row.note,
    image: (row) => row.images,
    label: (row) => row.labels,
  },
  defaultFields: ["name", "image"],
};

const fits = (text: string): boolean => matches(parseFilter(text), host, fields);

describe("a filter", () => {
  test.each([
    "",
    "river",
    "RIVER cart",
    '"River-10"',
    "name:quiet-river-1022",
    "NAME:~RIVER",
    "name:~nothing,river",
    "name:other,quiet-river-1022",
    "max:12",
    "max:>11 max:<13 max:>=12 max:<=12",
    'image:"ghcr.io/shop/till:2.1"',
    "image:~till",
    "label:zone=eu-1",
    "label:zone",
    "label:ZONE=EU-1",
    "label:~core.os=lin",
    "-note:x",
    "-note:~x",
    "-lake",
    "-max:>12",
  ])("%s: fits", (text) => {
    expect(fits(text)).toBe(true);
  });

  test.each([
    "lake",
    "river lake",
    "name:river",
    "name:quiet.river.1022",
    "name:>5",
    "max:1",
    "max:>12",
    "image:ghcr.io/shop",
    "label:eu-1",
    "label:zone=eu",
    "label:hostcore",
    "eu-1",
    "note:x",
    "note:>0",
    "-river",
    "-label:zone",
  ])("%s: does not fit", (text) => {
    expect(fits(text)).toBe(false);
  });

  test("with an unknown field names the known ones and fits nothing, negated or not", () => {
    for (const text of ["zone:eu", "-zone:eu"]) {
      const { problems, test: fitsRow } = compileFilter(parseFilter(text), fields);
      expect(problems).toEqual([
        { at: 0, message: expect.stringMatching(/"zone".*name, max, note, image, label/) },
      ]);
      expect(fitsRow(host)).toBe(false);
    }
  });

  test("is not misled by names that every object has", () => {
    expect(compileFilter(parseFilter("constructor:x toString:y"), fields).problems).toHaveLength(2);
  });
});

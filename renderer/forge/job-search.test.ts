import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filterOf, type JobSearch, jobViews, readJobSearch, writeJobSearch } from "./job-search.ts";

const text = fc.string({ minLength: 1, maxLength: 8 });
const time = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((at) => new Date(at).toISOString());
const search: fc.Arbitrary<JobSearch> = fc.record(
  {
    view: fc.constantFrom(...jobViews),
    offset: fc.nat(),
    queue: text,
    kind: text,
    text,
    from: time,
    to: time,
  },
  { requiredKeys: ["view", "offset"] },
);

describe("a search of jobs", () => {
  it("is read from the address as it was written", () => {
    fc.assert(
      fc.property(search, (wanted) => {
        expect(readJobSearch(writeJobSearch(new URLSearchParams("open=x"), wanted))).toEqual(wanted);
      }),
    );
  });

  it("begins anew when anything but the page changes", () => {
    const page = writeJobSearch(new URLSearchParams(), { view: "dead", offset: 500 });
    expect(readJobSearch(page)).toEqual({ view: "dead", offset: 500 });
    expect(readJobSearch(writeJobSearch(page, { queue: "q" }))).toEqual({
      view: "dead",
      queue: "q",
      offset: 0,
    });
  });

  it("leaves out of an address what makes no sense", () => {
    const odd = new URLSearchParams("view=odd&offset=-3&from=yesterday&queue=");
    expect(readJobSearch(odd)).toEqual({ view: "all", offset: 0 });
    expect(filterOf(readJobSearch(odd))).toEqual({});
  });

  it("asks for what the server knows", () => {
    expect(filterOf({ view: "failed", queue: "q", text: "a", offset: 0 })).toEqual({
      statuses: ["failed"],
      queues: ["q"],
      payloadText: "a",
    });
  });
});

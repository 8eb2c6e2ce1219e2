import { expect, test } from "vitest";
import { confirmedBy, conflict, eventFinding, readVerdict, timestamp } from "./evidence.ts";

const at = timestamp({ now: () => 1_900_000_000_000 });

test("an event is kept as evidence as it was read, or as text where it is no JSON", () => {
  const finding = (raw: string) => eventFinding("confirmed", "It happened.", { event: { raw }, at });
  expect(finding('{"a":1}')).toEqual({
    verdict: "confirmed",
    message: "It happened.",
    evidence: { at: "2030-03-17T17:46:40.000Z", kind: "event", summary: "It happened.", data: { a: 1 } },
  });
  expect(finding("{").evidence.data).toBe("{");
});

test("only a reading that agrees is a finding", () => {
  const read = readVerdict("verified", "It is so.", { at, data: undefined });
  expect(read.evidence).toEqual({ at, kind: "inventory", summary: "It is so.", data: null });
  expect(confirmedBy(read)).toEqual({ verdict: "confirmed", message: "It is so.", evidence: read.evidence });
  expect(confirmedBy(readVerdict("failed", "It is not.", { at, data: 1 }))).toBeUndefined();
  expect(confirmedBy(undefined)).toBeUndefined();
});

test("a conflict says that nothing was delivered, whatever else it tells", () => {
  expect(conflict("No.", "Look again.", { id: "a", delivered: true }).toData()).toEqual({
    code: "conflict",
    message: "No.",
    hint: "Look again.",
    details: { id: "a", delivered: false },
  });
});

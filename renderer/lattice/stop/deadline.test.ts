import { expect, it } from "vitest";
import { parseDeadline } from "./stop-host-dialog.tsx";

it.each([
  ["", { ok: true }],
  [" 5 ", { ok: true, ms: 5_000 }],
  ["0.25", { ok: true, ms: 250 }],
  ["600", { ok: true, ms: 600_000 }],
])("reads %j as %j", (text, expected) => expect(parseDeadline(text)).toEqual(expected));

it.each([
  ["0", /in the past/],
  ["-3", /seconds/],
  ["1e3", /seconds/],
  ["soon", /seconds/],
  ["601", /At most 600/],
])("says what is wrong with %j", (text, message) =>
  expect(parseDeadline(text)).toEqual({ ok: false, message: expect.stringMatching(message) }),
);

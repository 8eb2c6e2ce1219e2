import { expect, test } from "vitest";
import { matchKeys, strokeOf } from "./keys.ts";

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});
const known = ["g h", "g c", "mod+k", "?", "n", "["];

test("a chord runs after its second key", () => {
  const first = matchKeys("", "g", known);
  expect(first).toEqual({ kind: "begun", typed: "g" });
  expect(matchKeys("g", "h", known)).toEqual({ kind: "run", keys: "g h" });
});

test("a key that does not finish a chord still counts for itself", () => {
  expect(matchKeys("g", "n", known)).toEqual({ kind: "run", keys: "n" });
  expect(matchKeys("g", "g", known)).toEqual({ kind: "begun", typed: "g" });
  expect(matchKeys("g", "x", known)).toEqual({ kind: "none" });
});

test("strokes are named the same on every keyboard", () => {
  expect(strokeOf(press("K", { ctrlKey: true }))).toBe("mod+k");
  expect(strokeOf(press("k", { metaKey: true }))).toBe("mod+k");
  expect(strokeOf(press("?", { shiftKey: true }))).toBe("?");
  expect(strokeOf(press("A", { shiftKey: true }))).toBe("shift+a");
  expect(strokeOf(press("Escape"))).toBe("escape");
});

import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { Failure } from "../../../shared/contract/index.ts";
import { command, scriptOf } from "./command-line.ts";
import { posix } from "./posix.ts";

const lineOf = (...words: string[]) => scriptOf([command(...words)], posix);

describe("a POSIX command", () => {
  it("leaves plain words bare, so that it stays readable", () => {
    const plain = ["wash", "config", "put", "--lattice", "A=1", "nats://a.test:4222", "x/cart:2@sha256"];
    expect(lineOf(...plain)).toBe(plain.join(" "));
    expect(lineOf("", "a b", "=ls", "it's")).toBe(`'' 'a b' '=ls' 'it'"'"'s'`);
  });

  it("has no backslash between single quotes, where fish would read it", () => {
    expect(lineOf("a\\'; b")).toBe(`'a'"\\\\'"'; b'`);
  });

  it("has no line that a terminal without line editing would cut", () => {
    const text = lineOf("wash", "漢'\\ ".repeat(2_000), ..."x".repeat(2_000));
    for (const line of text.split("\n")) expect(Buffer.byteLength(line)).toBeLessThan(1_000);
  });

  it.each([
    "\t",
    "\n",
    "\r",
    "\0",
    "\x1b[201~",
    "\x7f",
    "\x9b",
    "\u2028",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ud800",
  ])("is refused for a word with %j, which a terminal would not take as a character", (character) => {
    expect(() => lineOf("wash", `a${character}b`)).toThrow(Failure);
    expect(() => lineOf("wash", `a${character}b`)).toThrow(/control characters: a\\u[0-9a-f]{4}/);
  });

  it("writes JSON with such characters as the same value on one visible line", () => {
    const value = { a: "x\u007f\u2028\u202e\t\n", b: ["\ud800"] };
    const line = scriptOf([command("nats", { json: JSON.stringify(value, null, 2) })], posix);
    expect(line).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
    const read = execFileSync("/bin/sh", ["-c", line.replace("nats", "printf %s")]).toString();
    expect(JSON.parse(read)).toEqual(value);
    expect(() => scriptOf([command("nats", { json: "no\nJSON" })], posix)).toThrow(/control characters/);
  });
});

describe("a note", () => {
  it("is one line of characters that mean nothing to a shell, for zsh runs what stands after a #", () => {
    expect(scriptOf([{ note: "no command for x\n$(y);`z`'\"\u2028\u007f" }], posix)).toBe(
      "# no command for xyz",
    );
  });
});

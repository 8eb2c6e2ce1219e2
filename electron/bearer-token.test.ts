import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { bearerToken } from "./bearer-token.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-token-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

it("is made once, for nobody else to read, and kept", () => {
  const file = join(directory, "deep", "token");
  const token = bearerToken(file);
  expect(token.length).toBeGreaterThanOrEqual(40);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(bearerToken(file)).toBe(token);
  expect(readFileSync(file, "utf8").trim()).toBe(token);
});

it("is refused where others can read it, or where it is too short", () => {
  const file = join(directory, "token");
  writeFileSync(file, "a-long-enough-token-for-this", { mode: 0o600 });
  chmodSync(file, 0o644);
  expect(() => bearerToken(file)).toThrow(/chmod 600/);
  writeFileSync(file, "short");
  chmodSync(file, 0o600);
  expect(() => bearerToken(file)).toThrow(/too short/);
});

it.runIf(process.getuid?.() === 0)("is refused where the file, or the link to it, is another user's", () => {
  const file = join(directory, "token");
  writeFileSync(file, "a-long-enough-token-for-this", { mode: 0o600 });
  const link = join(directory, "link");
  symlinkSync(file, link);
  expect(bearerToken(link)).toBe("a-long-enough-token-for-this");
  lchownSync(link, 65_534, 65_534);
  expect(() => bearerToken(link)).toThrow(/another user/);
  chownSync(file, 65_534, 65_534);
  expect(() => bearerToken(file)).toThrow(/another user/);
});

it("is refused where it is no file, or no one word", () => {
  const folder = join(directory, "folder");
  mkdirSync(folder, { mode: 0o700 });
  expect(() => bearerToken(folder)).toThrow(/not a file/);
  const file = join(directory, "token");
  writeFileSync(file, "two-words-of-a-token and-another", { mode: 0o600 });
  expect(() => bearerToken(file)).toThrow(/one word/);
});

it("is not written through a link that somebody laid in its place", () => {
  const file = join(directory, "token");
  const elsewhere = join(directory, "elsewhere");
  symlinkSync(elsewhere, file);
  expect(() => bearerToken(file)).toThrow(/EEXIST/);
  expect(existsSync(elsewhere)).toBe(false);
});

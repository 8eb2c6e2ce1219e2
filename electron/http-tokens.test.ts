import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "./bridge/digest.ts";
import { TokenStore } from "./http-tokens.ts";

const dayMs = 86_400_000;
let directory: string;
let file: string;
let now: number;
let problems: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-tokens-"));
  file = join(directory, "http-tokens.json");
  now = Date.parse("2026-03-01T00:00:00Z");
  problems = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

function store(): TokenStore {
  return new TokenStore({
    file,
    usedFile: join(directory, "used.json"),
    now: () => now,
    onProblem: (problem) => problems.push(problem),
  });
}

const withoutTimes = (path: string) => readFileSync(path, "utf8").replaceAll(/"2026[^"]*"/g, '"soon"');
const use = (tokens: TokenStore, text: string) => tokens.use(digestOf(text));

describe("a named token", () => {
  it("is told once, kept as a digest in a private file, and good after a restart", () => {
    const { token, id } = store().create({ name: "ci", scope: "read" });
    expect(token).toMatch(/^swt_\S{40,}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const name of readdirSync(directory))
      expect(readFileSync(join(directory, name), "utf8")).not.toContain(token);
    const again = store();
    expect(use(again, token)).toMatchObject({ id, name: "ci", scope: "read" });
    expect(use(again, `${token}x`)).toBeUndefined();
    expect(JSON.stringify(again.list())).not.toMatch(/digest|bytes|swt_/);
  });

  it("ends after its days, and when it is revoked, there and in every process of the folder", () => {
    const [here, there] = [store(), store()];
    const short = here.create({ name: "short", scope: "change", expiresInDays: 2 });
    const long = here.create({ name: "long", scope: "change" });
    now += 2 * dayMs - 1;
    expect(use(there, short.token)).toBeDefined();
    now += 1;
    expect([use(there, short.token), there.isGood(short.id)]).toEqual([undefined, false]);
    expect(use(there, long.token)).toBeDefined();
    expect([here.revoke(long.id), here.revoke(long.id)]).toEqual([true, false]);
    expect(use(here, long.token)).toBeUndefined();
    now += 2_000;
    expect(use(there, long.token)).toBeUndefined();
  });

  it("has a name of its own, and the token file's is taken", () => {
    const tokens = store();
    tokens.create({ name: "ci", scope: "read" });
    for (const name of ["ci", "CI", "token file"])
      expect(() => tokens.create({ name, scope: "read" }), name).toThrow(/already/);
    expect(() => tokens.revoke("token-file")).toThrow(/not revoked here/);
  });

  it("is listed with its last use, also after a restart", () => {
    const tokens = store();
    const { token } = tokens.create({ name: "ci", scope: "read" });
    expect(tokens.list()[0]?.lastUsedAt).toBeUndefined();
    use(tokens, token);
    tokens.flush();
    now += dayMs;
    expect(store().list()[0]?.lastUsedAt).toBe("2026-03-01T00:00:00.000Z");
  });

  it("is refused at once even where that cannot be written down, and this is said", () => {
    const tokens = store();
    const { id, token } = tokens.create({ name: "ci", scope: "read" });
    // A folder where the new file is written first: nobody can write there, not even root.
    mkdirSync(`${file}.${process.pid}.tmp`);
    expect(() => tokens.revoke(id)).toThrow(/cannot be written/);
    expect([use(tokens, token), tokens.isGood(id), tokens.list()]).toEqual([undefined, false, []]);
    expect(() => tokens.create({ name: "other", scope: "read" })).toThrow(/cannot be written/);
    expect(tokens.list()).toEqual([]);
  });
});

describe("a file of tokens that cannot be used", () => {
  it.each([
    ["no JSON", () => writeFileSync(file, "{", { mode: 0o600 })],
    [
      "of another shape",
      () => writeFileSync(file, '{"version":1,"tokens":[{"scope":"all"}]}', { mode: 0o600 }),
    ],
    ["with a time that is none", () => writeFileSync(file, withoutTimes(file), { mode: 0o600 })],
    ["readable for others", () => chmodSync(file, 0o640)],
  ])("(%s) leaves the token file's alone in use, says so, and is put aside for a new one", (_what, spoil) => {
    const { token } = store().create({ name: "ci", scope: "change" });
    spoil();
    const spoilt = readFileSync(file, "utf8");
    const tokens = store();
    tokens.setFileToken("the-token-of-the-file");
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("The token file works.");
    expect(use(tokens, token)).toBeUndefined();
    expect(use(tokens, "the-token-of-the-file")).toMatchObject({ name: "token file", scope: "change" });
    const fresh = tokens.create({ name: "ci", scope: "read" });
    expect(use(store(), fresh.token)).toMatchObject({ scope: "read" });
    expect(readFileSync(`${file}.damaged`, "utf8")).toBe(spoilt);
  });
});

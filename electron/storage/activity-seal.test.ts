import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Activity, ActivityRecord } from "../../shared/contract/activity.ts";
import { canonicalJson } from "../../shared/contract/canonical.ts";
import { chainStart, recordHash } from "./activity-chain.ts";
import { checkExport } from "./activity-check.ts";
import { existingKey } from "./activity-key.ts";
import { lockFolder } from "./data-folder.ts";
import { openDatabase } from "./database.ts";
import { consoleMigrations } from "./migrations/index.ts";
import { openStorage } from "./storage.ts";
import type { Storage } from "./stores.ts";

let directory: string;
let storage: Storage;
const keyFile = () => join(directory, "activity.key");

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-seal-"));
  storage = openStorage(lockFolder(directory, "headless"));
});
afterEach(() => {
  storage.close();
  rmSync(directory, { recursive: true, force: true });
});

const activity = (id: string, actor = "ada"): Activity => ({
  id,
  operation: "lattice.components.scale",
  title: "Scale cart",
  state: "recorded",
  message: "",
  connectionId: "here",
  actor,
  transport: "ipc",
  input: {},
  evidence: [],
  steps: [],
  startedAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
});

function append(...ids: string[]): void {
  for (const id of ids) storage.activities.append(activity(id));
}

function reopen(): string[] {
  storage.close();
  storage = openStorage(lockFolder(directory, "headless"));
  return storage.notices;
}

/** What somebody can do who has the database's file and the source, and not the key. */
function tamper(change: (execute: (sql: string) => void) => void): string[] {
  storage.close();
  const database = openDatabase(join(directory, "switchyard.db"), {
    migrations: consoleMigrations,
    durable: true,
  });
  const triggers = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all();
  for (const { name } of triggers) database.execute(`DROP TRIGGER ${name}`);
  change((sql) => database.execute(sql));
  database.close();
  storage = openStorage(lockFolder(directory, "headless"));
  return storage.notices;
}

/** Rewrites the whole log under another name, with hashes that fit. */
function forgeAll(execute: (sql: string) => void, records: readonly ActivityRecord[], actor = "bob"): void {
  let previous = chainStart;
  for (const { sequence, activity: kept } of records) {
    const body = canonicalJson({ ...kept, actor });
    const hash = recordHash(previous, body);
    execute(
      `UPDATE activity_records SET body = '${body}', previous_hash = '${previous}', hash = '${hash}' WHERE sequence = ${sequence}`,
    );
    previous = hash;
  }
}

const exported = () => [...storage.activities.exportLines("2026-11-23T08:00:00.000Z")];
const key = () => existingKey(keyFile()) as Buffer;

describe("the seal of the activity log", () => {
  it("is silent over starts as long as only the console writes, from its first record on", () => {
    expect(storage.notices).toEqual([]);
    append("a", "b");
    expect(reopen()).toEqual([]);
    append("c");
    expect(reopen()).toEqual([]);
    expect(statSync(keyFile()).mode & 0o077).toBe(process.platform === "win32" ? expect.any(Number) : 0);
    expect(readFileSync(join(directory, "switchyard.db")).includes(key().toString("hex"))).toBe(false);
  });

  it.each<[string, (execute: (sql: string) => void, records: ActivityRecord[]) => void, RegExp]>([
    ["its end is cut off", (execute) => cutOff(execute, 2), /its end is missing: record 3 .* now 2 is/],
    ["all of it is cut off", (execute) => cutOff(execute, 0), /its end is missing: record 3 .* now 0 is/],
    [
      "all is rewritten, with hashes that fit",
      (execute, records) => forgeAll(execute, records),
      /last record, 3, is another/,
    ],
    [
      "its last record is changed alone",
      (execute) =>
        execute("UPDATE activity_records SET body = replace(body, 'ada', 'bob') WHERE sequence = 3"),
      /last record, 3, was changed/,
    ],
    [
      "a record is added, with a hash that fits",
      (execute, records) => add(execute, records),
      /from 4 on were added/,
    ],
    ["the seal is taken away", (execute) => execute("DELETE FROM activity_seal"), /seal is missing/],
    [
      "the seal is moved with the log",
      (execute, records) => {
        forgeAll(execute, records);
        execute("UPDATE activity_seal SET hash = (SELECT hash FROM activity_records WHERE sequence = 3)");
      },
      /does not match its key/,
    ],
  ])("says so at each start when %s, also after more was recorded", (_what, change, said) => {
    append("a", "b", "c");
    const records = [...storage.activities.chain()];
    expect(tamper((execute) => change(execute, records))).toEqual([expect.stringMatching(said)]);
    append("d", "e");
    expect(reopen()).toEqual([expect.stringContaining("not as this console left it")]);
  });

  it("that cannot be made holds nothing up, and is told", () => {
    append("a");
    writeFileSync(keyFile(), "not a key");
    expect(reopen()).toEqual([
      expect.stringMatching(/recorded without a seal: .*activity\.key cannot be used/),
    ]);
    append("b");
    expect([...storage.activities.chain()]).toHaveLength(2);
  });

  it("begins anew where the key was taken away, and says what nothing vouches for", () => {
    append("a", "b");
    renameSync(keyFile(), `${keyFile()}.old`);
    expect(reopen()).toEqual([
      expect.stringMatching(/sealed from now on.*Nothing vouches for the 2 records before/),
    ]);
    append("c");
    expect(reopen()).toEqual([]);
  });

  it.skipIf(process.platform === "win32")("whose key others can read says so", () => {
    chmodSync(keyFile(), 0o644);
    expect(reopen()).toEqual([expect.stringMatching(/Others can read .*activity\.key/)]);
  });
});

describe("an export", () => {
  it("checks by its chain alone, and with the key by its seal", () => {
    append("a", "b", "c");
    const text = exported().join("\n");
    expect(checkExport(text)).toMatchObject({ ok: true, count: 3 });
    expect(checkExport(text, key())).toMatchObject({
      ok: true,
      count: 3,
      sealedAt: "2026-11-23T08:00:00.000Z",
    });
  });

  it("that is cut off, rewritten, of another time or of another console fails with the key", () => {
    append("a", "b", "c");
    const lines = exported();
    const last = JSON.parse(lines[2] ?? "") as ActivityRecord;
    const failing = (given: string[]) => {
      expect(checkExport(given.join("\n"), key())).toMatchObject({ ok: false });
    };
    failing(lines.slice(0, 2));
    failing([]);
    const second = JSON.parse(lines[1] ?? "") as ActivityRecord;
    failing([lines[0] ?? "", JSON.stringify({ ...second, seal: last.seal })]);
    failing([
      ...lines.slice(0, 2),
      JSON.stringify({ ...last, seal: { ...last.seal, at: "2027-01-01T00:00:00.000Z" } }),
    ]);
    const body = { ...last.activity, actor: "bob" };
    const hash = recordHash(last.previousHash, canonicalJson(body));
    const forged = [...lines.slice(0, 2), JSON.stringify({ ...last, activity: body, hash })];
    expect(checkExport(forged.join("\n")), "the chain alone").toMatchObject({ ok: true });
    failing(forged);
    expect(checkExport(lines.join("\n"), Buffer.alloc(32))).toMatchObject({ ok: false });
  });

  it("of a log that was changed carries no seal", () => {
    append("a", "b", "c");
    tamper((execute) => cutOff(execute, 2));
    append("d");
    const text = exported().join("\n");
    expect(checkExport(text)).toMatchObject({ ok: true, count: 3 });
    expect(checkExport(text, key())).toMatchObject({ ok: false, reason: expect.stringContaining("no seal") });
  });
});

function cutOff(execute: (sql: string) => void, kept: number): void {
  execute(`DELETE FROM activities WHERE last_sequence > ${kept}`);
  execute(`DELETE FROM activity_records WHERE sequence > ${kept}`);
}

function add(execute: (sql: string) => void, records: readonly ActivityRecord[]): void {
  const body = canonicalJson(activity("forged", "bob"));
  const previous = records.at(-1)?.hash ?? chainStart;
  execute(
    `INSERT INTO activity_records (sequence, activity_id, body, previous_hash, hash) VALUES (4, 'forged', '${body}', '${previous}', '${recordHash(previous, body)}')`,
  );
}

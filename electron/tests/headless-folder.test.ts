import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Activity, FailureData } from "../../shared/contract/index.ts";
import { lockFolder } from "../storage/data-folder.ts";
import { openStorage } from "../storage/storage.ts";
import { addressOf, bundleHeadless, killed, spawnHeadless } from "../testing/headless.ts";

let folder: string;
let bundle: string;
let data: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-folder-test-"));
  bundle = await bundleHeadless(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  data = mkdtempSync(join(folder, "data-"));
});
afterEach(async () => {
  const ending = children.splice(0).map((child) => killed(child));
  await Promise.all(ending);
});

function start(...args: string[]): ChildProcess {
  const child = spawnHeadless(bundle, ["--data", data, ...args]);
  children.push(child);
  return child;
}

/** What a console that ends by itself said, and its exit code. */
async function ending(child: ChildProcess): Promise<{ code: number; errors: string }> {
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, errors };
}

test("a second console on a data folder says who has it and ends; when the first dies, the folder is free", async () => {
  const first = start();
  await addressOf(first);
  const { code, errors } = await ending(start());
  expect(code).toBe(3);
  expect(errors).toMatch(
    new RegExp(`${data} is in use by a console without a window \\(process ${first.pid}, since 20`),
  );
  expect(errors).toContain("--read-only");

  await killed(first);
  const third = start();
  expect(await addressOf(third)).toMatch(/^http:/);
});

test("a read-only console beside it answers queries, changes nothing, and leaves what is under way alone", async () => {
  const first = openStorage(lockFolder(data, "desktop"));
  first.profiles.put("here", JSON.stringify(profile));
  first.activities.append(underWay);
  const before = readdirSync(data).sort();

  const child = start("--read-only", "--token-file", join(folder, "token"));
  const address = await addressOf(child);
  const token = readFileSync(join(folder, "token"), "utf8").trim();
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const reply = await fetch(`${address}/api${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    return (await reply.json()) as T;
  };
  expect(await ask("GET", "/connections")).toMatchObject([{ profile: { id: "here" } }]);
  expect(await ask("GET", "/activity/a1")).toMatchObject({ activity: { state: "sent" } });
  const hosts = `/connections/here/lattice/hosts/${"N".repeat(56)}`;
  for (const [method, path, body] of [
    ["POST", `${hosts}/stop`, {}],
    ["POST", "/connections/here/open", {}],
    ["DELETE", "/connections/here", undefined],
  ] as const) {
    const failure = await ask<FailureData>(method, path, body);
    expect([path, JSON.stringify(failure)]).toEqual([path, expect.stringContaining("started read-only")]);
    expect(failure.code).toBe("forbidden");
  }
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);

  expect(first.activities.records("a1")).toHaveLength(1);
  expect(readdirSync(data).sort()).toEqual(before);
  first.close();
});

const profile = {
  id: "here",
  name: "Here",
  color: "#123456",
  environment: "TEST",
  guard: "open",
  system: "lattice",
  openAtStart: false,
  target: { addresses: ["nats://127.0.0.1:4222"] },
};

const underWay: Activity = {
  id: "a1",
  operation: "lattice.hosts.stop",
  title: "Stop quiet-river-1022",
  state: "sent",
  message: "Sent.",
  connectionId: "here",
  actor: "ada",
  transport: "ipc",
  input: {},
  evidence: [],
  steps: [],
  startedAt: "2026-11-23T12:00:00.000Z",
  updatedAt: "2026-11-23T12:00:00.000Z",
};

import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ForgeTarget, forgeTargetSchema } from "../../shared/connections/forge-target.ts";
import { written } from "../command/testing/written.ts";
import { commandsOf, readCommandsOf } from "./copy-as.ts";

const target = forgeTargetSchema.parse({ url: "http://jobs.test:8080/api/" });
const proxied: ForgeTarget = { ...target, authentication: { method: "bearer" } };
const connectionId = "jobs";

beforeEach(() => {
  vi.stubGlobal("window", { location: { origin: "http://127.0.0.1:4100", protocol: "http:" } });
});
afterEach(() => vi.unstubAllGlobals());

/** What a shell gives to curl, one list of words for each command. */
function wordsOf(commands: string): string[][] {
  const script = `curl() { printf '%s\\0' "$@"; printf '\\n\\0'; }\nSWITCHYARD_TOKEN_FILE=/dev/null\n${commands}\n`;
  const words = execFileSync("/bin/sh", ["-c", script]).toString().split("\0").slice(0, -1);
  const calls: string[][] = [[]];
  for (const word of words) word === "\n" ? calls.push([]) : calls.at(-1)?.push(word);
  return calls.slice(0, -1);
}

test("a command is copied as the console takes it, and as it goes out to the jobs server", () => {
  const inputs = [{ connectionId, name: "it's/here", workers: 4 }];
  const copied = written(commandsOf("forge.queues.set-max-workers", inputs, target));
  const [own] = wordsOf(copied.curl);
  expect(own?.slice(0, 2)).toEqual(["-X", "POST"]);
  expect(own).toContain('{"workers":4}');
  expect(own?.at(-1)).toBe("http://127.0.0.1:4100/api/connections/jobs/forge/queues/it's%2Fhere/max-workers");
  expect(wordsOf(copied["curl to the jobs server"])).toEqual([
    [
      "-X",
      "POST",
      "-H",
      "Content-Type: application/json",
      "--data-raw",
      '{"n":4}',
      "http://jobs.test:8080/api/queue/it's%2Fhere/max-workers",
    ],
  ]);
});

test("every batch of a bulk command is copied, in its order", () => {
  const inputs = [
    { connectionId, ids: ["A1"] },
    { connectionId, ids: ["A2", "A3"] },
  ];
  const copied = written(commandsOf("forge.jobs.retry", inputs, target));
  for (const tool of ["curl", "curl to the jobs server"] as const) {
    const bodies = wordsOf(copied[tool]).map((words) => words.find((word) => word.startsWith("{")));
    expect(bodies).toEqual(['{"ids":["A1"]}', '{"ids":["A2","A3"]}']);
  }
});

test("a payload is copied as it was written, long numbers whole", () => {
  const payload = '{"order": 12345678901234567890}';
  const params = { connectionId, queueName: "mailers", kind: "send_receipt", payload };
  const copied = written(commandsOf("forge.jobs.enqueue", [params], target));
  const body = wordsOf(copied["curl to the jobs server"])[0]?.find((word) => word.startsWith("{"));
  expect(body).toBe(`{"kind":"send_receipt","queue_name":"mailers","payload":${payload}}`);
});

test("a drawer's reading is copied for a job, and for all queues or schedules", () => {
  const farOf = (read: Parameters<typeof readCommandsOf>[0]) =>
    wordsOf(written(readCommandsOf(read, target))["curl to the jobs server"])[0];
  const base = "http://jobs.test:8080/api";
  expect(farOf({ name: "forge.jobs.get", connectionId, id: "A1" })).toEqual([
    "-X",
    "GET",
    `${base}/jobs/inspect/A1`,
  ]);
  expect(farOf({ name: "forge.queues.list", connectionId })?.at(-1)).toBe(`${base}/queue/overview`);
  expect(farOf({ name: "forge.cron.list", connectionId })?.at(-1)).toBe(`${base}/cron`);
});

test("that a proxy wants to know who calls is said, for its secret is not in the page", () => {
  const one = [{ connectionId, name: "stock-sync" }];
  expect(written(commandsOf("forge.cron.trigger", one, proxied))["curl to the jobs server"]).toMatch(
    /^# .*add its header\.\ncurl -X POST http/,
  );
  expect(written(commandsOf("forge.cron.trigger", one, target))["curl to the jobs server"]).not.toContain(
    "#",
  );
});

import { expect, test, vi } from "vitest";
import { Failure } from "../../shared/contract/index.ts";
import { BulkRun } from "./bulk.ts";
import type { CommandOptions } from "./command.ts";

const inputs = Array.from({ length: 10 }, (_unused, number) => number);

function counts(run: BulkRun<number>): Record<string, number> {
  const result: Record<string, number> = {};
  for (const { state } of run.getProgress().receipts) result[state] = (result[state] ?? 0) + 1;
  return result;
}

test("runs every item once, at most four at a time, under one batch", async () => {
  let active = 0;
  let most = 0;
  const seen: number[] = [];
  const batches = new Set<string | undefined>();
  const run = new BulkRun({
    inputs,
    run: async (input, options) => {
      active += 1;
      most = Math.max(most, active);
      batches.add(options.batch);
      seen.push(input);
      await Promise.resolve();
      active -= 1;
    },
  });
  run.start();
  await vi.waitFor(() => expect(counts(run)).toEqual({ done: 10 }));
  expect(seen.sort((left, right) => left - right)).toEqual(inputs);
  expect(most).toBe(4);
  expect([...batches]).toEqual([run.getProgress().batch]);
  expect(run.getProgress().running).toBe(false);
});

test("one failure does not end the others, and retry runs only the failed ones", async () => {
  const tries = new Map<number, number>();
  const run = new BulkRun({
    inputs,
    run: async (input) => {
      const before = tries.get(input) ?? 0;
      tries.set(input, before + 1);
      if (input % 3 === 0 && before === 0)
        throw new Failure({ code: "timeout", message: `no reply ${input}` });
    },
  });
  run.start();
  await vi.waitFor(() => expect(run.getProgress().running).toBe(false));
  expect(counts(run)).toEqual({ done: 6, failed: 4 });
  expect(run.getProgress().receipts[3]?.failure).toMatchObject({ code: "timeout", message: "no reply 3" });
  run.retryFailed();
  await vi.waitFor(() => expect(counts(run)).toEqual({ done: 10 }));
  expect(inputs.map((input) => tries.get(input))).toEqual([2, 1, 1, 2, 1, 1, 2, 1, 1, 2]);
});

test("stop sends nothing more and start goes on where it stopped", async () => {
  const waiting: (() => void)[] = [];
  const run = new BulkRun({
    inputs,
    run: () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
      }),
  });
  run.start();
  expect(counts(run)).toEqual({ running: 4, waiting: 6 });
  run.stop();
  for (const finish of waiting.splice(0)) finish();
  await vi.waitFor(() => expect(counts(run)).toEqual({ done: 4, waiting: 6 }));
  expect(run.getProgress()).toMatchObject({ running: false, stopped: true });
  run.start();
  expect(counts(run)).toEqual({ done: 4, running: 4, waiting: 2 });
  for (const finish of waiting.splice(0)) finish();
  await vi.waitFor(() => expect(counts(run)).toEqual({ done: 8, running: 2 }));
  for (const finish of waiting.splice(0)) finish();
  await vi.waitFor(() => expect(counts(run)).toEqual({ done: 10 }));
});

test("runs the first item alone, and the others when it is told to go on", async () => {
  const seen: number[] = [];
  const run = new BulkRun({ inputs, run: async (input) => seen.push(input) });
  run.startWithFirst();
  await vi.waitFor(() => expect(counts(run)).toEqual({ done: 1, waiting: 9 }));
  expect([seen, run.getProgress().running, run.getProgress().stopped]).toEqual([[0], false, true]);
  run.start();
  await vi.waitFor(() => expect(counts(run)).toEqual({ done: 10 }));
});

/** A connection that is locked until its name comes with an item, as the console answers (`confirmation_required`). */
function lockedAfter(items: number) {
  const sent: { input: number; phrase: string | undefined; reason: string | undefined }[] = [];
  const run = async (input: number, { confirmed, reason }: CommandOptions) => {
    const phrase = confirmed?.phrase;
    if (sent.length >= items && phrase === undefined)
      throw new Failure({
        code: "confirmation_required",
        message: "locked",
        details: { phraseNeeded: true },
      });
    sent.push({ input, phrase, reason });
  };
  return { sent, run };
}

test("what a lock refuses waits for the name, fails not, and goes on under the same reason", async () => {
  const { sent, run: one } = lockedAfter(5);
  const run = new BulkRun({ inputs, run: one, options: { reason: "sale", confirmed: {} } });
  run.start();
  await vi.waitFor(() => expect(run.getProgress()).toMatchObject({ running: false, locked: true }));
  expect(counts(run)).toEqual({ done: 5, waiting: 5 });
  run.unlock({ confirmed: { phrase: "prod-eu" } });
  await vi.waitFor(() => expect(counts(run)).toEqual({ done: 10 }));
  expect(run.getProgress()).toMatchObject({ locked: false, stopped: false });
  expect(sent.map(({ input }) => input).sort((left, right) => left - right)).toEqual(inputs);
  expect(sent.map(({ phrase }) => phrase)).toEqual([
    ...Array.from({ length: 5 }, () => undefined),
    ...Array.from({ length: 5 }, () => "prod-eu"),
  ]);
  expect(new Set(sent.map(({ reason }) => reason))).toEqual(new Set(["sale"]));
});

test("a first item that the lock refused still goes alone", async () => {
  const { sent, run: one } = lockedAfter(0);
  const run = new BulkRun({ inputs, run: one, options: { confirmed: {} } });
  run.startWithFirst();
  await vi.waitFor(() => expect(run.getProgress()).toMatchObject({ running: false, locked: true }));
  run.unlock({ confirmed: { phrase: "prod-eu" } });
  await vi.waitFor(() => expect(counts(run)).toEqual({ done: 1, waiting: 9 }));
  expect(sent).toHaveLength(1);
});

test.each([
  ["a name that unlocks for minutes goes with the first items only", true, 4],
  ["a name that unlocks for one item goes with each", false, 10],
])("%s", async (_name, phraseLasts, withPhrase) => {
  const phrases: (string | undefined)[] = [];
  const run = new BulkRun({
    inputs,
    phraseLasts,
    options: { confirmed: { phrase: "prod-eu" } },
    run: async (_input, { confirmed }) => void phrases.push(confirmed?.phrase),
  });
  run.start();
  await vi.waitFor(() => expect(counts(run)).toEqual({ done: 10 }));
  expect(phrases.filter(Boolean)).toHaveLength(withPhrase);
  expect(phrases).toHaveLength(10);
});

test("what holds a secret is kept without it once its answer came, and is not sent again", async () => {
  const sent: string[] = [];
  const run = new BulkRun({
    inputs: [{ secret: "s3cret" }, { secret: "" }],
    run: async ({ secret }) => {
      sent.push(secret);
      throw new Error("no");
    },
    forget: ({ secret }) => (secret === "" ? undefined : { secret: "" }),
  });
  run.start();
  await vi.waitFor(() => expect(run.getProgress().running).toBe(false));
  expect(JSON.stringify(run.getProgress())).not.toContain("s3cret");
  run.retryFailed();
  await vi.waitFor(() => expect(run.getProgress().running).toBe(false));
  expect(sent).toEqual(["s3cret", "", ""]);
});

test("what holds a secret keeps it while the lock makes it wait", async () => {
  const sent: string[] = [];
  const run = new BulkRun({
    inputs: [{ secret: "s3cret" }],
    run: async ({ secret }, { confirmed }) => {
      if (confirmed?.phrase === undefined)
        throw new Failure({
          code: "confirmation_required",
          message: "locked",
          details: { phraseNeeded: true },
        });
      sent.push(secret);
    },
    options: { confirmed: {} },
    forget: () => ({ secret: "" }),
  });
  run.start();
  await vi.waitFor(() => expect(run.getProgress()).toMatchObject({ running: false, locked: true }));
  run.unlock({ confirmed: { phrase: "prod-eu" } });
  await vi.waitFor(() => expect(run.getProgress().receipts).toMatchObject([{ state: "done" }]));
  expect(sent).toEqual(["s3cret"]);
  expect(JSON.stringify(run.getProgress())).not.toContain("s3cret");
});

import { expect, test } from "vitest";
import { isFatal, UncaughtErrors } from "./uncaught-errors.ts";

function taker(log: (text: string) => void = () => undefined) {
  const seen = { logged: [] as string[], notices: [] as string[], ends: [] as string[], now: 0 };
  const errors = new UncaughtErrors({
    log: {
      error: (text: string) => {
        log(text);
        seen.logged.push(text);
      },
    },
    notify: (text) => seen.notices.push(text),
    end: (line) => seen.ends.push(line),
    now: () => seen.now,
  });
  return { errors, seen };
}

test("an error about a single message is survived, logged with its number, and told once", () => {
  const { errors, seen } = taker();
  errors.started();
  errors.take(new RangeError("Invalid time value"), "uncaughtException");
  errors.take("no error at all", "unhandledRejection");
  expect(seen.ends).toEqual([]);
  expect(seen.logged).toEqual([
    "an error that nobody caught, number 1 (uncaughtException)",
    "an error that nobody caught, number 2 (unhandledRejection)",
  ]);
  expect(seen.notices).toEqual([expect.stringContaining("Invalid time value")]);
});

test("an error that keeps coming does not fill the log", () => {
  const { errors, seen } = taker();
  errors.started();
  for (let count = 0; count < 5_000; count += 1) errors.take(new Error("again"), "uncaughtException");
  expect(seen.logged.length).toBeLessThanOrEqual(20);
  seen.now = 60_000;
  errors.take(new Error("again"), "uncaughtException");
  expect(seen.logged.at(-1)).toContain("number 5001");
});

test("before the console runs, and with a broken base, the process ends once with one line", () => {
  const starting = taker();
  starting.errors.take(new Error("no\nway\u001b[2J"), "uncaughtException");
  starting.errors.take(new Error("another"), "uncaughtException");
  expect(starting.seen.ends).toEqual(["Switchyard has to end: no way [2J"]);

  const running = taker();
  running.errors.started();
  running.errors.take(Object.assign(new Error("malformed"), { code: "SQLITE_CORRUPT" }), "uncaughtException");
  expect(running.seen.ends).toHaveLength(1);
});

test.each([
  ["SQLITE_IOERR_WRITE", true],
  ["ENOMEM", true],
  ["ERR_INTERNAL_ASSERTION", true],
  ["ECONNRESET", false],
  ["ERR_INVALID_ARG_TYPE", false],
  ["SQLITE_BUSY", false],
])("%s: fatal is %s", (code, fatal) => {
  expect(isFatal(Object.assign(new Error("x"), { code }))).toBe(fatal);
});

test("a log that fails, and odd values that are thrown, are no further error", () => {
  const { errors, seen } = taker(() => {
    throw new Error("no space left on device");
  });
  errors.started();
  const hostile = { toString: () => [].concat as never };
  for (const thrown of [new Error("x"), hostile, null, undefined, Symbol("s")])
    expect(() => errors.take(thrown, "uncaughtException")).not.toThrow();
  expect(seen.notices).toHaveLength(1);
});

import { beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import {
  type Activity,
  type CallOptions,
  type CommandExecution,
  command,
  Failure,
  type Guard,
  local,
  query,
  type Reply,
} from "../../shared/contract/index.ts";
import { systemClock } from "../upstream/clock.ts";
import { ActivityEngine } from "./activity/engine.ts";
import { Confirmations } from "./confirmation.ts";
import { Dispatcher } from "./dispatcher.ts";
import { Unlocks } from "./unlocks.ts";

const operations = {
  "things.list": query({
    method: "GET",
    path: "/things",
    summary: "Lists.",
    refresh: "once",
    input: z.object({ limit: z.number().int().min(1).default(5) }),
    output: z.array(z.number()),
  }),
  "things.find": query({
    method: "POST",
    path: "/things/find",
    summary: "Finds.",
    refresh: "once",
    input: z.object({
      filter: z.object({ queueNames: z.array(z.string()).optional() }).default({}),
      labels: z.record(z.string(), z.string()).default({}),
      orders: z
        .array(
          z.discriminatedUnion("kind", [
            z.object({ kind: z.literal("up"), steps: z.number() }),
            z.object({ kind: z.literal("down") }),
          ]),
        )
        .default([]),
    }),
    output: z.string(),
  }),
  "things.note": local({
    method: "POST",
    path: "/note",
    summary: "Notes.",
    input: z.object({}),
    output: z.string(),
  }),
  "things.change": command({
    method: "POST",
    path: "/connections/{connectionId}/things",
    summary: "Changes.",
    hazard: "change",
    input: z.object({ connectionId: z.string(), count: z.number().int().min(0) }),
    title: (input) => `Change to ${input.count}`,
  }),
  "things.unlock": command({
    method: "POST",
    path: "/connections/{connectionId}/unlock",
    summary: "Unlocks.",
    hazard: "change",
    input: z.object({ connectionId: z.string(), password: z.string() }),
    title: () => "Unlock",
    redact: (input) => ({ ...input, password: "(secret)" }),
  }),
};

let guard: Guard;
let relockMinutes: number;
let unlocks: Unlocks;
let removed: boolean;
let sent: number[];
/** Happens while a command is made ready. */
let meanwhile: () => void;
let written: Activity[];
let internal: unknown[];
let now: number;
let dispatcher: Dispatcher;

beforeEach(() => {
  guard = "open";
  relockMinutes = 0;
  unlocks = new Unlocks(() => now);
  sent = [];
  removed = false;
  meanwhile = () => undefined;
  written = [];
  internal = [];
  now = Date.parse("2026-01-01T00:00:00Z");
  const activities = new ActivityEngine({
    journal: {
      append: (activity) => {
        written.push(activity);
        return { sequence: written.length, activity, previousHash: "", hash: "" };
      },
      get: (id) => written.findLast((activity) => activity.id === id),
      unsettled: () => [],
      newest: () => written,
    },
    clock: { ...systemClock, now: () => now },
    prepareAgain: () => Promise.reject(new Error("not here")),
    onJournalError: (error) => internal.push(error),
  });
  dispatcher = new Dispatcher({
    operations,
    handlers: {
      "things.list": (input) => {
        const { limit } = input as { limit: number };
        if (limit === 13) throw new TypeError("secret detail in a stack");
        return Array.from({ length: limit }, (_, index) => index);
      },
      "things.find": () => "found",
      "things.note": () => "noted",
      "things.unlock": (input): CommandExecution => ({
        target: { kind: "other", id: "x", label: "x" },
        request: { protocol: "nats", address: "x" },
        send: async () => {
          const { password } = input as { password: string };
          return { accepted: password === "open sesame", message: "", reply: null, done: true };
        },
      }),
      "things.change": (input): CommandExecution => {
        const { count } = input as { count: number };
        meanwhile();
        return {
          target: { kind: "other", id: "x", label: "x" },
          request: { protocol: "nats", address: "x" },
          send: async () => {
            sent.push(count);
            return { accepted: true, message: "ok", reply: null, done: true };
          },
        };
      },
    },
    connections: () => [],
    destination: () => "",
    connection: (id) => {
      if (id !== "here" || removed)
        throw new Failure({ code: "not_found", message: `There is no connection ${id}.` });
      return { id, name: "prod-eu", guard, relockMinutes };
    },
    activities,
    confirmations: new Confirmations(() => now, unlocks),
    onInternalError: (_name, error) => internal.push(error),
  });
});

const call = (name: string, input: unknown, options: CallOptions = {}) =>
  dispatcher.call(name, input, options, { transport: "ipc", actor: "ada", scope: "change" });
const change = (count: number, options: CallOptions = {}) =>
  call("things.change", { connectionId: "here", count }, options);
const failureOf = (reply: Reply) => {
  if (reply.ok) throw new Error("expected a failure");
  return reply.failure;
};
const tokenOf = (reply: Reply) => String(failureOf(reply).details?.token);

describe("a command that is being made ready", () => {
  it("is not sent where the connection was changed meanwhile", async () => {
    meanwhile = () => {
      guard = "protected";
    };
    const reply = await change(4);
    expect(reply).toMatchObject({ ok: false, failure: { code: "conflict", details: { state: "failed" } } });
    expect(sent).toEqual([]);
    expect(written.at(-1)?.state).toBe("failed");
  });

  it("is not sent where the connection was removed meanwhile", async () => {
    meanwhile = () => {
      removed = true;
    };
    expect(await change(4)).toMatchObject({ ok: false, failure: { code: "conflict" } });
    expect(sent).toEqual([]);
  });
});

describe("every call", () => {
  it("is parsed with its defaults before a handler sees it", async () => {
    expect(await call("things.list", undefined)).toEqual({ ok: true, output: [0, 1, 2, 3, 4] });
  });

  it("with input that does not fit names the field", async () => {
    const failure = failureOf(await call("things.list", { limit: 0.5 }));
    expect(failure).toMatchObject({
      code: "invalid_input",
      details: { fields: [{ path: "limit" }] },
    });
    expect(failure.message).toMatch(/^limit: /);
  });

  it.each([
    [{ limits: 3 }, "limits: unknown field, did you mean limit?", "things.list"],
    [{ zone: "eu" }, "zone: unknown field", "things.list"],
    [{ filter: { queue_names: ["a"] } }, "filter.queue_names: unknown field, did you mean queueNames?"],
    [{ filter: { queues: ["a"] } }, "filter.queues: unknown field"],
    [
      {
        orders: [
          { kind: "up", steps: 1 },
          { kind: "down", steps: 1 },
        ],
      },
      "orders.1.steps: unknown field",
    ],
    [JSON.parse('{"__proto__":{"limit":1}}'), "__proto__: unknown field"],
  ])("of %j is refused: %s", async (input, message, name = "things.find") => {
    const failure = failureOf(await call(name, input));
    expect(failure.code).toBe("invalid_input");
    expect(failure.message).toContain(message);
  });

  it("may have keys of its own in a record, and what is undefined is not there", async () => {
    const input = { labels: { zone: "eu", constructor: "x" }, filter: undefined, orderz: undefined };
    expect(await call("things.find", input)).toEqual({ ok: true, output: "found" });
  });

  it.each(["nothing", "toString", "__proto__", "constructor"])("of %s is not found", async (name) => {
    expect(failureOf(await call(name, {})).code).toBe("not_found");
  });

  it("never lets an inner error out", async () => {
    const reply = await call("things.list", { limit: 13 });
    expect(failureOf(reply).code).toBe("internal");
    expect(JSON.stringify(reply)).not.toContain("secret detail");
    expect(String(internal[0])).toContain("secret detail");
  });
});

describe("a guarded command", () => {
  it("goes through on an open connection and answers with its activity", async () => {
    expect(await change(3)).toMatchObject({
      ok: true,
      output: { state: "confirmed", title: "Change to 3", actor: "ada" },
    });
    expect(sent).toEqual([3]);
  });

  it("is refused on a read-only one, even with a confirmation", async () => {
    guard = "read-only";
    expect(failureOf(await change(3, { confirmation: { token: "x" } })).code).toBe("forbidden");
    expect(sent).toEqual([]);
    expect(written).toEqual([]);
  });

  it("needs a confirmation bound to the exact input, good once", async () => {
    guard = "confirm";
    const token = tokenOf(await change(3));
    expect(failureOf(await change(4, { confirmation: { token } })).code).toBe("confirmation_required");
    expect(await change(3, { confirmation: { token } })).toMatchObject({ ok: true });
    expect(failureOf(await change(3, { confirmation: { token } })).code).toBe("confirmation_required");
    expect(sent).toEqual([3]);
  });

  it("does not take a token after five minutes, a forged one, or one of another guard", async () => {
    guard = "confirm";
    const old = tokenOf(await change(3));
    now += 5 * 60_000 + 1;
    expect(failureOf(await change(3, { confirmation: { token: old } })).code).toBe("confirmation_required");
    const fresh = tokenOf(await change(3));
    expect(failureOf(await change(3, { confirmation: { token: `${fresh}x` } })).code).toBe(
      "confirmation_required",
    );
    expect(failureOf(await change(3, { confirmation: { token: "" } })).code).toBe("confirmation_required");
    guard = "protected";
    expect(failureOf(await change(3, { confirmation: { token: fresh, phrase: "prod-eu" } })).code).toBe(
      "confirmation_required",
    );
    expect(sent).toEqual([]);
  });

  it("needs the connection's typed name where it is protected", async () => {
    guard = "protected";
    const first = failureOf(await change(3));
    expect(first.details).toMatchObject({ phraseNeeded: true, guard: "protected" });
    const token = String(first.details?.token);
    expect(failureOf(await change(3, { confirmation: { token, phrase: "prod" } })).code).toBe(
      "confirmation_required",
    );
    expect(await change(3, { confirmation: { token, phrase: "prod-eu" } })).toMatchObject({ ok: true });
  });

  it("is done without the name while it is unlocked, and not any more when it has locked again", async () => {
    guard = "protected";
    relockMinutes = 5;
    const phrase = "prod-eu";
    const changes: unknown[] = [];
    unlocks.follow(undefined, (upsert, remove) =>
      changes.push([upsert.map((row) => row.connectionId), remove]),
    );
    const asked = failureOf(await change(1));
    expect(asked.details).toMatchObject({ phraseNeeded: true });
    expect(await change(1, { confirmation: { token: String(asked.details?.token), phrase } })).toMatchObject({
      ok: true,
    });
    expect(unlocks.snapshot()).toEqual([
      { connectionId: "here", unlockedUntil: new Date(now + 5 * 60_000).toISOString() },
    ]);

    now += 4 * 60_000;
    const again = failureOf(await change(2));
    expect(again.details).toMatchObject({ phraseNeeded: false, guard: "protected" });
    const confirmation = { token: String(again.details?.token) };
    expect(failureOf(await change(3, { confirmation })).code).toBe("confirmation_required");
    expect(await change(2, { confirmation })).toMatchObject({ ok: true });
    // Typed once more, the name does not lengthen what is running.
    const third = tokenOf(await change(3));
    expect(await change(3, { confirmation: { token: third, phrase } })).toMatchObject({ ok: true });

    const late = tokenOf(await change(4));
    now += 60_000;
    const locked = failureOf(await change(4, { confirmation: { token: late } }));
    expect(locked).toMatchObject({ code: "confirmation_required", details: { phraseNeeded: true } });
    expect(locked.message).toContain("locked");
    expect(unlocks.snapshot()).toEqual([]);
    expect(sent).toEqual([1, 2, 3]);
    expect(changes).toEqual([
      [["here"], []],
      [[], ["here"]],
    ]);
  });

  it("is locked at once by hand, by a wrong name typed, and by any change of its guard", async () => {
    guard = "protected";
    relockMinutes = 5;
    const unlock = async () => {
      const confirmation = { token: tokenOf(await change(1)), phrase: "prod-eu" };
      expect((await change(1, { confirmation })).ok).toBe(true);
    };
    const phraseNeeded = async () => failureOf(await change(2)).details?.phraseNeeded;
    await unlock();
    expect(unlocks.lock("here")).toBe(true);
    expect(unlocks.lock("here")).toBe(false);
    expect(await phraseNeeded()).toBe(true);

    await unlock();
    const wrong = { token: tokenOf(await change(2)), phrase: "prod-us" };
    expect(failureOf(await change(2, { confirmation: wrong })).code).toBe("confirmation_required");
    expect(await phraseNeeded()).toBe(true);

    await unlock();
    relockMinutes = 60;
    expect(await phraseNeeded()).toBe(true);
    relockMinutes = 0;
    await unlock();
    expect(await phraseNeeded()).toBe(true);
  });

  it("on an unknown connection is not found and not recorded", async () => {
    const reply = await call("things.change", { connectionId: "gone", count: 1 });
    expect(failureOf(reply).code).toBe("not_found");
    expect(written).toEqual([]);
  });

  it("does not hold back queries and local operations", async () => {
    guard = "read-only";
    expect(await call("things.note", {})).toEqual({ ok: true, output: "noted" });
  });
});

it("keeps the reason with the activity", async () => {
  await change(1, { reason: "night shift", batch: "b" });
  await vi.waitFor(() =>
    expect(written.at(-1)).toMatchObject({ reason: "night shift", batch: "b", transport: "ipc" }),
  );
});

it("a command's secrets reach its handler and are never recorded", async () => {
  const input = { connectionId: "here", password: "open sesame" };
  const reply = await dispatcher.call(
    "things.unlock",
    input,
    {},
    { transport: "ipc", actor: "ada", scope: "change" },
  );
  expect(reply.ok).toBe(true);
  expect(written.length).toBeGreaterThan(2);
  expect(written[0]?.input).toEqual({ connectionId: "here", password: "(secret)" });
  expect(JSON.stringify([written, reply])).not.toContain("open sesame");
});

it("a caller that may only read is refused everything but queries, before its input is looked at", async () => {
  const reader = { transport: "http", actor: "http:reader", scope: "read" } as const;
  const kinds = Object.entries(operations).map(([name, { kind }]) => [name, kind] as const);
  expect(new Set(kinds.map(([, kind]) => kind))).toEqual(new Set(["query", "local", "command"]));
  for (const [name, kind] of kinds) {
    const reply = await dispatcher.call(name, { nonsense: true }, {}, reader);
    const code = reply.ok ? undefined : reply.failure.code;
    if (kind === "query") expect(code, name).not.toBe("forbidden");
    else
      expect(reply, name).toMatchObject({
        ok: false,
        failure: { code: "forbidden", hint: expect.any(String) },
      });
  }
});

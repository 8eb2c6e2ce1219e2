import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { hostileRuns, memoryInUse, mostLeftInMemory, watchUncaught } from "../../../recordings/fuzz.ts";
import { flowFabricExchanges, type HttpExchange } from "../../../recordings/recordings.ts";
import { flowfabricTargetSchema } from "../../../shared/connections/flowfabric-target.ts";
import { type Acknowledgement, asFailure, Failure, type Finding } from "../../../shared/contract/index.ts";
import { numbersFrom } from "../../../shared/testing/hostile-json.ts";
import { Scope } from "../../connections/scope.ts";
import type { CommandParts } from "../commands/command-parts.ts";
import { FlowfabricSession } from "../session/session.ts";
import { type HostileCommand, hostileCommands } from "../testing/hostile-commands.ts";
import {
  type HostileAnswer,
  type HostileRequest,
  hostileAnswer,
  hostileServer,
} from "../testing/hostile-server.ts";
import { callOf } from "../testing/recorded-calls.ts";
import { provesRefusal } from "../testing/recorded-proofs.ts";
import { FlowfabricClient } from "./client.ts";

/** Exchanges that go on at once, each at a path of its own. */
const atOnce = 8;
const timeoutMs = 5_000;

const json = { "content-type": "application/json" };
const calm: Record<string, Pick<HttpExchange, "status" | "body" | "headers">> = {
  "/healthz": { status: 200, body: { status: "ok" }, headers: json },
  "/v1/executions": { status: 200, body: { executions: [], next_cursor: null }, headers: json },
};

type Answering = (request: HostileRequest) => HostileAnswer;
/** How the server answers at a path at the moment; a session begins with good answers. */
const answering = new Map<string, Answering>();
const good: Answering = ({ path }) => {
  const { status, body } = calm[path.replace(/\?.*$/, "")] ?? { status: 404, body: null };
  const text = JSON.stringify(body);
  const bytes = Buffer.from(`HTTP/1.1 ${status} OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`);
  return { status, body: text, complete: true, bytes, ending: "keep" };
};

let server: Awaited<ReturnType<typeof hostileServer>>;
let uncaught: ReturnType<typeof watchUncaught>;
let inUse: number;

beforeAll(async () => {
  uncaught = watchUncaught();
  server = await hostileServer((request) => (answering.get(request.slot) ?? good)(request));
});
beforeEach(() => {
  inUse = memoryInUse();
});
afterEach(() => {
  expect(memoryInUse() - inUse).toBeLessThan(mostLeftInMemory);
});
afterAll(() => {
  uncaught.end();
  server.stop();
});

const slots = Array.from({ length: atOnce }, (_, index) => `slot-${index}`);
const seeds = fc.array(fc.record({ which: fc.nat(), seed: fc.nat() }), {
  minLength: atOnce,
  maxLength: atOnce,
});

const calls = flowFabricExchanges().flatMap((exchange) => {
  const call = callOf(exchange);
  return call ? [{ exchange, call }] : [];
});

test("whatever comes over the wire, a call ends with what was read, or with a failure that says so", async () => {
  const clients = slots.map((slot) => new FlowfabricClient({ url: `${server.url}/${slot}`, timeoutMs }));
  const ask = async (slot: number, which: number, seed: number): Promise<void> => {
    const { exchange, call } = calls[which % calls.length] as (typeof calls)[number];
    let given: HostileAnswer | undefined;
    let round = seed;
    answering.set(slots[slot] as string, () => {
      given = hostileAnswer(exchange, round++);
      return given;
    });
    const ending = await call.send(clients[slot] as FlowfabricClient).then(
      (value) => ({ value: structuredClone(value) }),
      (error: unknown) => ({ error }),
    );
    if ("error" in ending) expect(ending.error).toBeInstanceOf(Failure);
    else expect(given?.complete).toBe(true);
  };
  await fc.assert(
    fc.asyncProperty(seeds, async (wanted) => {
      await Promise.all(wanted.map(({ which, seed }, slot) => ask(slot, which, seed)));
      expect(uncaught.errors).toEqual([]);
    }),
    hostileRuns(75, atOnce),
  );
  for (const client of clients) client.close();
});

test("an answer larger than is ever read breaks off, and says so", async () => {
  const head = Buffer.from("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2200000\r\n");
  const bytes = Buffer.concat([head, Buffer.alloc(0x2200000, " ")]);
  answering.set("slot-0", () => ({ status: 200, body: "", complete: false, bytes, ending: "keep" }));
  const client = new FlowfabricClient({ url: `${server.url}/slot-0`, timeoutMs: 30_000 });
  await expect(client.health()).rejects.toMatchObject({
    code: "upstream_invalid",
    message: expect.stringMatching(/ is larger than 32 MiB\.$/),
  });
  client.close();
});

/** One command to its end against a server that answers with hostile versions of what was recorded. */
class Trial {
  /** What the server answered to readings as a whole. */
  readonly read: HostileAnswer[] = [];
  /** What it answered to the request itself. */
  sent: HostileAnswer | undefined;
  readonly findings: Finding[] = [];
  private readonly upTo: (end: number) => number;

  constructor(
    private readonly command: HostileCommand,
    seed: number,
  ) {
    this.upTo = numbersFrom(seed);
  }

  answer({ method, path }: HostileRequest): HostileAnswer {
    const isReading = method === "GET";
    const recorded = isReading ? this.command.read(path) : this.command.sent;
    const exchange = recorded[this.upTo(recorded.length)] ?? { status: 404, body: null, headers: {} };
    const isHonest = isReading && this.upTo(3) === 0;
    const seed = this.upTo(2 ** 30);
    const given = isHonest ? honest(exchange) : hostileAnswer(exchange, seed);
    if (!isReading) this.sent = given;
    else if (given.complete) this.read.push(given);
    return given;
  }

  async run(parts: CommandParts, slot: string): Promise<void> {
    const { name } = this.command;
    const execution = await this.command.make(parts, slot);
    const stop = execution.evidence?.watch((finding) => this.findings.push(finding));
    const answer = await execution.send().catch((error: unknown) => error);
    if (answer instanceof Error) this.judgeFailure(answer);
    else this.judgeAnswer(answer as Acknowledgement);
    const verdict = await execution.verify?.().catch((error: unknown) => asFailure(error));
    await new Promise((resolve) => setTimeout(resolve, 10));
    stop?.();
    const verdicts = verdict instanceof Failure || !verdict ? [] : [verdict];
    for (const { verdict: kind, message } of [...verdicts, ...this.findings])
      if (kind === "verified" || kind === "confirmed")
        demand(this.command.says(this.bodies()), { name, kind, message, read: this.read });
      else if (kind === "failed") demand(this.read.length > 0, { name, kind, message });
  }

  private judgeFailure(error: Error): void {
    expect(error).toBeInstanceOf(Failure);
    const { details } = error as Failure;
    if (details?.delivered === false)
      demand(this.sent === undefined, {
        name: this.command.name,
        error: String(error),
        details,
        sent: this.sent,
      });
  }

  private judgeAnswer(answer: Acknowledgement): void {
    const { sent } = this;
    const seen = { name: this.command.name, answer, sent };
    demand(sent?.complete === true, seen);
    const isSuccess = sent !== undefined && sent.status >= 200 && sent.status < 300;
    if (answer.accepted) demand(isSuccess, seen);
    else demand(isSuccess ? saysNo(sent) : provesRefusal(sent?.status ?? 0, sent?.body ?? ""), seen);
  }

  private bodies(): Record<string, unknown>[] {
    return this.read.flatMap(({ body }) => {
      const value = parsed(body);
      return typeof value === "object" && value !== null ? [value as Record<string, unknown>] : [];
    });
  }
}

/** Fails with everything that was seen, because a seed alone leads to it only together with all others of its run. */
function demand(condition: boolean, seen: Record<string, unknown>): void {
  if (!condition)
    throw new Error(JSON.stringify(seen, (key, value) => (key === "bytes" ? undefined : value)));
}

function honest({ status, body }: Pick<HttpExchange, "status" | "body">): HostileAnswer {
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  const bytes = Buffer.from(`HTTP/1.1 ${status} OK\r\ncontent-length: ${length}\r\n\r\n${text}`);
  return { status, body: text, complete: true, bytes, ending: "keep" };
}

/** The answers with success that say that nothing was done. */
function saysNo({ status, body }: HostileAnswer): boolean {
  const value = Object(parsed(body)) as Record<string, unknown>;
  const { cancellation_policy: stored } = Object(value.Cancelled) as Record<string, unknown>;
  return (
    status === 204 ||
    "AlreadySatisfied" in value ||
    ["not_reclaimable", "reclaim_cap_exceeded"].includes(String(value.status)) ||
    ["cancel_flow_only", "cancel_pending"].includes(String(stored))
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

test("whatever the server answers, a command that did not happen is not verified, and refused only where that is proved", async () => {
  const scope = new Scope((error) => uncaught.errors.push(error));
  const sessions = new Map<string, FlowfabricSession>();
  for (const slot of slots) {
    answering.delete(slot);
    const target = flowfabricTargetSchema.parse({ url: `${server.url}/${slot}` });
    sessions.set(slot, await FlowfabricSession.open({ target, secrets: {} }, scope));
  }
  const session = (slot: string) => sessions.get(slot) as FlowfabricSession;
  const door = (slot: string) => ({
    get: () => session(slot),
    follow: (use: (session: FlowfabricSession, own: Scope) => void) => {
      const own = scope.child();
      use(session(slot), own);
      return () => void own.end();
    },
  });
  const parts: CommandParts = { session, door, now: () => 1_795_905_700_000, waits: { lookEveryMs: 2 } };
  await fc.assert(
    fc.asyncProperty(seeds, async (wanted) => {
      await Promise.all(
        wanted.map(async ({ which, seed }, index) => {
          const slot = slots[index] as string;
          const trial = new Trial(hostileCommands[which % hostileCommands.length] as HostileCommand, seed);
          answering.set(slot, (request) => trial.answer(request));
          await trial.run(parts, slot);
        }),
      );
      expect(uncaught.errors).toEqual([]);
    }),
    // Each command has about four answers.
    hostileRuns(60, atOnce * 4),
  );
  await scope.end();
});

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { type TopicMessage, topic } from "../../shared/contract/index.ts";
import { EventHub } from "./event-hub.ts";

const row = z.object({ id: z.string(), value: z.number() });
type Row = z.infer<typeof row>;

class Source {
  readonly rows = new Map<string, Row>();
  private listener: (upsert: readonly Row[], remove: readonly string[]) => void = () => undefined;
  followers = 0;

  snapshot = () => [...this.rows.values()];
  follow = (_address: unknown, listener: (upsert: readonly Row[], remove: readonly string[]) => void) => {
    this.followers++;
    this.listener = listener;
    return () => {
      this.followers--;
    };
  };
  put(...rows: Row[]) {
    for (const each of rows) this.rows.set(each.id, each);
    this.listener(rows, []);
  }
  remove(id: string) {
    this.rows.delete(id);
    this.listener([], [id]);
  }
}

const declarations = {
  things: topic({ scope: "console", row, key: (each) => each.id }),
  stream: topic({ scope: "console", row, key: (each) => each.id, newest: 3 }),
  local: topic({ scope: "connection", row, key: (each) => each.id }),
};

let source: Source;
let hub: EventHub;

beforeEach(() => {
  vi.useFakeTimers();
  source = new Source();
  hub = new EventHub(declarations, { things: source, stream: source, local: source });
});
afterEach(() => vi.useRealTimers());

function apply(state: Map<string, Row>, message: TopicMessage): void {
  if (message.kind === "snapshot") {
    state.clear();
    for (const each of message.rows as Row[]) state.set(each.id, each);
  } else if (message.kind === "delta") {
    for (const key of message.remove) state.delete(key);
    for (const each of message.upsert as Row[]) state.set(each.id, each);
  }
}

interface Reader {
  rows: Map<string, Row>;
  revisions: number[];
}

type Step =
  | { do: "put"; id: string; value: number }
  | { do: "remove"; id: string }
  | { do: "wait" }
  | { do: "join" };

function take(step: Step, readers: Reader[]): void {
  if (step.do === "put") source.put({ id: step.id, value: step.value });
  else if (step.do === "remove") source.remove(step.id);
  else if (step.do === "wait") vi.advanceTimersByTime(50);
  else join(readers);
}

function join(readers: Reader[]): void {
  const reader: Reader = { rows: new Map(), revisions: [] };
  readers.push(reader);
  hub.subscribe("things", (message) => {
    apply(reader.rows, message);
    if (message.kind !== "closed") reader.revisions.push(message.revision);
  });
}

describe("live topics", () => {
  it("begin with a snapshot and send one batch per 50 ms, however many changes there were", () => {
    source.put({ id: "a", value: 1 });
    const seen: TopicMessage[] = [];
    hub.subscribe("things", (message) => seen.push(message));
    for (let value = 0; value < 1_000; value++) source.put({ id: "a", value });
    source.put({ id: "b", value: 7 });
    expect(seen).toHaveLength(1);
    vi.advanceTimersByTime(50);
    expect(seen).toHaveLength(2);
    expect(seen[1]).toMatchObject({
      kind: "delta",
      revision: 1,
      upsert: [
        { id: "a", value: 999 },
        { id: "b", value: 7 },
      ],
    });
  });

  it("send the first change after a rest at once, and the next ones together 50 ms later", () => {
    const seen: TopicMessage[] = [];
    hub.subscribe("things", (message) => seen.push(message));
    source.put({ id: "a", value: 1 });
    vi.advanceTimersByTime(1);
    expect(seen).toHaveLength(2);
    source.put({ id: "a", value: 2 });
    vi.advanceTimersByTime(25);
    source.put({ id: "b", value: 3 });
    expect(seen).toHaveLength(2);
    vi.advanceTimersByTime(25);
    expect(seen).toHaveLength(3);
    expect(seen[2]).toMatchObject({ upsert: [{ value: 2 }, { value: 3 }] });
  });

  it("leave every subscriber with the source's rows, whenever it joined", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("put" as const), id: fc.constantFrom("a", "b", "c"), value: fc.integer() }),
      fc.record({ do: fc.constant("remove" as const), id: fc.constantFrom("a", "b", "c") }),
      fc.record({ do: fc.constant("wait" as const) }),
      fc.record({ do: fc.constant("join" as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        source = new Source();
        hub = new EventHub(declarations, { things: source });
        const readers: Reader[] = [];
        for (const each of steps) take(each, readers);
        vi.advanceTimersByTime(50);
        for (const { rows, revisions } of readers) {
          expect(rows).toEqual(source.rows);
          const first = revisions[0] ?? 0;
          expect(revisions).toEqual(revisions.map((_, index) => first + index));
        }
      }),
    );
  });

  it("send of a stream only the newest and say how many were left out", () => {
    const seen: TopicMessage[] = [];
    hub.subscribe("stream", (message) => seen.push(message));
    source.put(...[1, 2, 3, 4, 5].map((value) => ({ id: String(value), value })));
    vi.advanceTimersByTime(50);
    expect(seen[1]).toMatchObject({ skipped: 2, upsert: [{ value: 3 }, { value: 4 }, { value: 5 }] });
  });

  it("send a stream that comes too fast to be read less often, and at the usual pace once it is slower", () => {
    const seen: TopicMessage[] = [];
    hub.subscribe("stream", (message) => seen.push(message));
    let value = 0;
    const come = (count: number) => {
      for (let at = 0; at < count; at++) source.put({ id: String(++value), value });
    };
    come(5);
    vi.advanceTimersByTime(50);
    expect(seen).toHaveLength(2);
    for (let turn = 0; turn < 3; turn++) {
      come(5);
      vi.advanceTimersByTime(50);
    }
    expect(seen).toHaveLength(3);
    expect(seen[2]).toMatchObject({ skipped: 12, upsert: [{ value: 18 }, { value: 19 }, { value: 20 }] });
    come(2);
    vi.advanceTimersByTime(200);
    expect(seen).toHaveLength(4);
    come(2);
    vi.advanceTimersByTime(50);
    expect(seen[4]).toMatchObject({ upsert: [{ value: 23 }, { value: 24 }] });
  });

  it("stop following the source when the last subscriber leaves", () => {
    const first = hub.subscribe("things", () => undefined);
    const second = hub.subscribe("things", () => undefined);
    expect(source.followers).toBe(1);
    first();
    expect(source.followers).toBe(1);
    second();
    second();
    expect(source.followers).toBe(0);
  });

  it("refuse addresses that name nothing", () => {
    const subscribe = (address: string) => () => hub.subscribe(address, () => undefined);
    expect(subscribe("things;drop")).toThrow(/no topic address/);
    expect(subscribe("nothing")).toThrow(/no topic named nothing/);
    expect(subscribe("toString")).toThrow(/no topic|no topic address/);
    expect(subscribe("local")).toThrow(/belongs to a connection/);
  });

  it("tell everybody when they end", () => {
    const seen: TopicMessage[] = [];
    hub.subscribe("things", (message) => seen.push(message));
    hub.close("closing");
    expect(seen.at(-1)).toMatchObject({ kind: "closed", message: "closing" });
    expect(source.followers).toBe(0);
  });
});

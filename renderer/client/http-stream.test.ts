import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FailureData } from "../../shared/contract/index.ts";
import { HttpStream, type OpenStream, type TopicChange } from "./http-stream.ts";
import type { TopicListener } from "./transport.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

type Callbacks = Parameters<OpenStream>[1];
type Opened = Callbacks & { topics: readonly string[]; changes: TopicChange[]; closed: boolean };

/** A transport's stream whose far side is this test. */
function harness({ takesChanges = true } = {}) {
  const opened: Opened[] = [];
  const refusal: FailureData = { code: "unauthenticated", message: "This console needs its token." };
  const open: OpenStream = (topics, on) => {
    const one: Opened = { ...on, topics, changes: [], closed: false };
    opened.push(one);
    return {
      change: async (change) => {
        one.changes.push(change);
        return takesChanges;
      },
      close: () => {
        one.closed = true;
      },
    };
  };
  const stream = new HttpStream(open, async () => refusal);
  return { stream, opened };
}

function listener(): TopicListener & { heard: unknown[]; failures: FailureData[] } {
  const heard: unknown[] = [];
  const failures: FailureData[] = [];
  return {
    heard,
    failures,
    message: (message) => {
      heard.push(message);
    },
    interrupted: (failure) => {
      failures.push(failure);
    },
  };
}

test("all topics of a moment share one stream, and each message reaches its own", () => {
  const { stream, opened } = harness();
  const [hosts, activity] = [listener(), listener()];
  stream.subscribe("lattice.hosts:c/l", hosts);
  stream.subscribe("activity", activity);
  vi.advanceTimersByTime(100);
  expect(opened.map(({ topics }) => topics)).toEqual([["lattice.hosts:c/l", "activity"]]);
  const message = { kind: "snapshot", topic: "activity", revision: 0, rows: [] };
  opened[0]?.message(JSON.stringify(message));
  expect(activity.heard).toEqual([message]);
  expect(hosts.heard).toEqual([]);
});

test("a changed set of topics changes the stream, which goes on for all others", async () => {
  const { stream, opened } = harness();
  stream.subscribe("a", listener());
  const leave = stream.subscribe("b", listener());
  await vi.advanceTimersByTimeAsync(100);
  opened[0]?.opened();
  leave();
  stream.subscribe("c", listener());
  await vi.advanceTimersByTimeAsync(100);
  expect(opened).toHaveLength(1);
  expect(opened[0]).toMatchObject({ closed: false, changes: [{ follow: ["c"], leave: ["b"] }] });
});

test("whoever subscribes anew gets a new snapshot, and a topic left at once is left", async () => {
  const { stream, opened } = harness();
  const leave = stream.subscribe("a", listener());
  stream.subscribe("b", listener());
  await vi.advanceTimersByTimeAsync(100);
  opened[0]?.opened();
  leave();
  stream.subscribe("a", listener())();
  stream.subscribe("b", listener());
  await vi.advanceTimersByTimeAsync(100);
  expect(opened[0]?.changes).toEqual([{ follow: ["b"], leave: ["a"] }]);
});

test("what changes before the stream is open is asked for when it is", async () => {
  const { stream, opened } = harness();
  stream.subscribe("a", listener());
  await vi.advanceTimersByTimeAsync(100);
  stream.subscribe("b", listener());
  await vi.advanceTimersByTimeAsync(100);
  expect(opened[0]?.changes).toEqual([]);
  opened[0]?.opened();
  expect(opened[0]?.changes).toEqual([{ follow: ["b"], leave: [] }]);
});

test("a stream that the browser restored follows again what it was told meanwhile", async () => {
  const { stream, opened } = harness();
  const leave = stream.subscribe("a", listener());
  await vi.advanceTimersByTimeAsync(100);
  opened[0]?.opened();
  stream.subscribe("b", listener());
  leave();
  await vi.advanceTimersByTimeAsync(100);
  opened[0]?.failed(false);
  opened[0]?.opened();
  expect(opened[0]?.changes).toEqual(Array(2).fill({ follow: ["b"], leave: ["a"] }));
});

test("a stream that cannot be changed is made anew", async () => {
  const { stream, opened } = harness({ takesChanges: false });
  stream.subscribe("a", listener());
  await vi.advanceTimersByTimeAsync(100);
  opened[0]?.opened();
  stream.subscribe("b", listener());
  await vi.advanceTimersByTimeAsync(100);
  expect(opened.map(({ topics, closed }) => [topics, closed])).toEqual([
    [["a"], true],
    [["a", "b"], false],
  ]);
});

test("the stream ends with its last topic", async () => {
  const { stream, opened } = harness();
  const leave = stream.subscribe("a", listener());
  await vi.advanceTimersByTimeAsync(100);
  opened[0]?.opened();
  leave();
  await vi.advanceTimersByTimeAsync(100);
  expect(opened[0]?.closed).toBe(true);
});

test("without topics there is no stream", () => {
  const { stream, opened } = harness();
  stream.subscribe("a", listener())();
  vi.advanceTimersByTime(100);
  expect(opened).toHaveLength(0);
});

test("a refused stream says why and is tried again, a broken one is left to the browser", async () => {
  const { stream, opened } = harness();
  const one = listener();
  stream.subscribe("a", one);
  await vi.advanceTimersByTimeAsync(100);
  opened[0]?.failed(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(opened).toHaveLength(1);
  opened[0]?.failed(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(opened).toHaveLength(2);
  expect(one.failures.map((failure) => failure.code)).toEqual(["unreachable", "unauthenticated"]);
});

import { expect, test } from "vitest";
import type { TopicMessage } from "../../shared/contract/index.ts";
import { TopicFeed } from "./event-stream.ts";
import type { TopicListener } from "./transport.ts";

interface Row {
  id: string;
  value: number;
}

function harness(newest?: number) {
  const subscriptions: TopicListener[] = [];
  const frames: (() => void)[] = [];
  let ended = 0;
  const feed = new TopicFeed<Row>({
    address: "things",
    declaration: { key: (row) => row.id, ...(newest === undefined ? {} : { newest }) },
    subscribe: (_address, listener) => {
      subscriptions.push(listener);
      return () => {
        ended += 1;
      };
    },
    schedule: (notify) => frames.push(notify),
  });
  let notified = 0;
  feed.subscribe(() => {
    notified += 1;
  });
  feed.open();
  return {
    feed,
    subscriptions,
    notified: () => notified,
    ended: () => ended,
    send: (message: TopicMessage) => subscriptions.at(-1)?.message(message),
    frame: () => {
      for (const notify of frames.splice(0)) notify();
    },
  };
}

const snapshot = (revision: number, rows: Row[]): TopicMessage => ({
  kind: "snapshot",
  topic: "things",
  revision,
  rows,
});
const delta = (revision: number, upsert: Row[], remove: string[] = [], skipped?: number): TopicMessage => ({
  kind: "delta",
  topic: "things",
  revision,
  upsert,
  remove,
  ...(skipped === undefined ? {} : { skipped }),
});

test("a topic is loading until its snapshot, then live with its rows", () => {
  const { feed, send, frame } = harness();
  expect(feed.getState().phase).toBe("loading");
  send(snapshot(4, [{ id: "a", value: 1 }]));
  frame();
  expect(feed.getState()).toMatchObject({ phase: "live", rows: [{ id: "a", value: 1 }] });
});

test("many messages in one frame notify once", () => {
  const { feed, send, frame, notified } = harness();
  send(snapshot(0, []));
  for (let revision = 1; revision <= 50; revision += 1) send(delta(revision, [{ id: "a", value: revision }]));
  frame();
  expect(notified()).toBe(1);
  expect(feed.getState().rows).toEqual([{ id: "a", value: 50 }]);
});

test("a gap in the revisions asks for a new snapshot and shows no half truth", () => {
  const { feed, send, frame, subscriptions, ended } = harness();
  send(snapshot(1, [{ id: "a", value: 1 }]));
  send(delta(3, [{ id: "b", value: 2 }]));
  expect(subscriptions).toHaveLength(2);
  expect(ended()).toBe(1);
  send(delta(4, [{ id: "c", value: 3 }]));
  frame();
  expect(feed.getState().rows).toEqual([{ id: "a", value: 1 }]);
  send(snapshot(5, [{ id: "b", value: 9 }]));
  send(delta(6, [{ id: "d", value: 1 }]));
  frame();
  expect(feed.getState().rows.map((row) => row.id)).toEqual(["b", "d"]);
});

test("a delta that the snapshot already holds is passed over", () => {
  const { feed, send, frame, subscriptions } = harness();
  send(snapshot(7, [{ id: "a", value: 7 }]));
  send(delta(7, [{ id: "a", value: 1 }]));
  frame();
  expect(feed.getState().rows).toEqual([{ id: "a", value: 7 }]);
  expect(subscriptions).toHaveLength(1);
});

test("an interruption keeps the rows and calls them stale until the next snapshot", () => {
  const { feed, send, frame, subscriptions } = harness();
  send(snapshot(1, [{ id: "a", value: 1 }]));
  frame();
  subscriptions[0]?.interrupted({ code: "unreachable", message: "broken" });
  frame();
  expect(feed.getState()).toMatchObject({
    phase: "stale",
    rows: [{ id: "a", value: 1 }],
    failure: { message: "broken" },
  });
  send(snapshot(1, [{ id: "a", value: 2 }]));
  frame();
  expect(feed.getState()).toMatchObject({ phase: "live", rows: [{ id: "a", value: 2 }] });
  expect(feed.getState().failure).toBeUndefined();
});

test("an interruption before anything came is a failure", () => {
  const { feed, frame, subscriptions } = harness();
  subscriptions[0]?.interrupted({ code: "unauthenticated", message: "who are you" });
  frame();
  expect(feed.getState()).toMatchObject({ phase: "failed", failure: { code: "unauthenticated" } });
});

test("a stream counts what went by unsent", () => {
  const { feed, send, frame } = harness(2);
  send(snapshot(0, []));
  send(delta(1, [{ id: "a", value: 1 }], [], 40));
  send(delta(2, [{ id: "b", value: 1 }], [], 2));
  send(delta(3, [{ id: "c", value: 1 }]));
  frame();
  expect(feed.getState().skipped).toBe(42);
  expect(feed.getState().rows.map((row) => row.id)).toEqual(["b", "c"]);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HttpStream } from "./http-stream.ts";
import type { TopicListener } from "./transport.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function harness() {
  const opened: {
    url: string;
    closed: boolean;
    message: (text: string) => void;
    failed: (ended: boolean) => void;
  }[] = [];
  const stream = new HttpStream((url, on) => {
    const one = { url, closed: false, ...on };
    opened.push(one);
    return () => {
      one.closed = true;
    };
  });
  return { stream, opened };
}

function listener(): TopicListener & { heard: unknown[]; interruptions: number } {
  const heard: unknown[] = [];
  const one = {
    heard,
    interruptions: 0,
    message: (message: unknown) => heard.push(message),
    interrupted: () => undefined,
  };
  one.interrupted = () => {
    one.interruptions += 1;
    return undefined;
  };
  return one;
}

test("all topics of a moment share one stream, and each message reaches its own", () => {
  const { stream, opened } = harness();
  const [hosts, activity] = [listener(), listener()];
  stream.subscribe("lattice.hosts:c/l", hosts);
  stream.subscribe("activity", activity);
  vi.advanceTimersByTime(100);
  expect(opened.map((one) => one.url)).toEqual(["/api/stream?topics=lattice.hosts%3Ac%2Fl,activity"]);
  const message = { kind: "snapshot", topic: "activity", revision: 0, rows: [] };
  opened[0]?.message(JSON.stringify(message));
  expect(activity.heard).toEqual([message]);
  expect(hosts.heard).toEqual([]);
});

test("a changed set of topics makes one new stream and closes the old one", () => {
  const { stream, opened } = harness();
  const leave = stream.subscribe("a", listener());
  vi.advanceTimersByTime(100);
  leave();
  stream.subscribe("b", listener());
  stream.subscribe("c", listener());
  vi.advanceTimersByTime(100);
  expect(opened.map((one) => [one.url, one.closed])).toEqual([
    ["/api/stream?topics=a", true],
    ["/api/stream?topics=b,c", false],
  ]);
});

test("without topics there is no stream", () => {
  const { stream, opened } = harness();
  stream.subscribe("a", listener())();
  vi.advanceTimersByTime(100);
  expect(opened).toHaveLength(0);
});

test("a refused stream is tried again, a broken one is left to the browser", () => {
  const { stream, opened } = harness();
  const one = listener();
  stream.subscribe("a", one);
  vi.advanceTimersByTime(100);
  opened[0]?.failed(false);
  vi.advanceTimersByTime(10_000);
  expect(opened).toHaveLength(1);
  opened[0]?.failed(true);
  vi.advanceTimersByTime(10_000);
  expect(opened).toHaveLength(2);
  expect(one.interruptions).toBe(2);
});

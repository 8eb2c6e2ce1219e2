import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FailureData } from "../../shared/contract/index.ts";
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
  const refusal: FailureData = { code: "unauthenticated", message: "This console needs its token." };
  const stream = new HttpStream(
    (url, on) => {
      const one = { url, closed: false, ...on };
      opened.push(one);
      return () => {
        one.closed = true;
      };
    },
    async () => refusal,
  );
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

import { useCallback, useEffect, useSyncExternalStore } from "react";
import type { TopicName, TopicRow } from "../../shared/catalogue.ts";
import type { TopicPhase, TopicState } from "./event-stream.ts";
import { feedOf, holdFeed, type TopicScope, topicAddressOf } from "./feeds.ts";

const unaddressed: TopicState<never> = { rows: [], phase: "loading", since: 0, updatedAt: 0, skipped: 0 };
const noFeed = (): (() => void) => () => undefined;

/** Follows a live topic; every caller with the same address shares the same rows array. */
export function useTopic<Name extends TopicName>(
  name: Name,
  scope: TopicScope = {},
): TopicState<TopicRow<Name>> {
  const address = topicAddressOf(name, scope);
  const read = useCallback(
    () => (address === undefined ? unaddressed : feedOf(name, address).getState()),
    [name, address],
  );
  return useSyncExternalStore(useFollow(name, address), read);
}

/** The same for what a person reads and nobody counts: renders a few times a second at most, however much changes. */
export function useCalmTopic<Name extends TopicName>(
  name: Name,
  scope: TopicScope = {},
): TopicState<TopicRow<Name>> {
  const address = topicAddressOf(name, scope);
  const follow = useFollow(name, address);
  const followCalmly = useCallback((listener: () => void) => calmly(follow, listener), [follow]);
  const read = useCallback(
    () => (address === undefined ? unaddressed : feedOf(name, address).getState()),
    [name, address],
  );
  return useSyncExternalStore(followCalmly, read);
}

/** Follows one row of a live topic; renders only when that row changes. */
export function useTopicRow<Name extends TopicName>(
  name: Name,
  scope: TopicScope,
  key: string | undefined,
): TopicRow<Name> | undefined {
  const address = topicAddressOf(name, scope);
  const read = useCallback(
    () => (address === undefined || key === undefined ? undefined : feedOf(name, address).getRow(key)),
    [name, address, key],
  );
  return useSyncExternalStore(useFollow(name, address), read);
}

/** Follows what one row of a live topic says about one thing, a text or a number; renders only when that changes. */
export function useTopicField<Name extends TopicName, Value extends string | number | undefined>(
  name: Name,
  scope: TopicScope,
  key: string | undefined,
  pick: (row: TopicRow<Name>) => Value,
): Value | undefined {
  const address = topicAddressOf(name, scope);
  const read = () => {
    const row = address === undefined || key === undefined ? undefined : feedOf(name, address).getRow(key);
    return row === undefined ? undefined : pick(row);
  };
  return useSyncExternalStore(useFollow(name, address), read);
}

/** Follows a live topic without rendering: the listener, which must keep its identity, hears of each new state. */
export function useTopicListener<Name extends TopicName>(
  name: Name,
  scope: TopicScope,
  listener: (state: TopicState<TopicRow<Name>>) => void,
): void {
  const address = topicAddressOf(name, scope);
  const follow = useFollow(name, address);
  useEffect(() => {
    if (address === undefined) return;
    const tell = () => listener(feedOf(name, address).getState());
    const stop = follow(tell);
    tell();
    return stop;
  }, [name, address, follow, listener]);
}

/** Whether a live topic is complete and current; renders only when that changes. */
export function useTopicPhase(name: TopicName, scope: TopicScope): TopicPhase {
  const address = topicAddressOf(name, scope);
  const read = useCallback(
    () => (address === undefined ? unaddressed : feedOf(name, address).getState()).phase,
    [name, address],
  );
  return useSyncExternalStore(useFollow(name, address), read);
}

const calmMs = 250;

/** Tells the listener at once after a rest, and once more when the next one is over. */
function calmly(follow: (listener: () => void) => () => void, listener: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = () => {
    timer = undefined;
    toldAt = performance.now();
    listener();
  };
  const stop = follow(() => {
    timer ??= setTimeout(tell, Math.max(0, toldAt + calmMs - performance.now()));
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

function useFollow(name: TopicName, address: string | undefined) {
  return useCallback(
    (listener: () => void) => {
      if (address === undefined) return noFeed();
      const release = holdFeed(name, address);
      const stop = feedOf(name, address).subscribe(listener);
      return () => {
        stop();
        release();
      };
    },
    [name, address],
  );
}

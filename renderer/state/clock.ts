import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

/** The time in milliseconds, once a second, from one clock for the whole window. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** A moment that moves in steps, so that what is asked with it can be kept meanwhile. */
export function useSteppedNow(stepMs: number): number {
  return Math.floor(useNow() / stepMs) * stepMs;
}

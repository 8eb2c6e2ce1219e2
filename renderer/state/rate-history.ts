import { useEffect, useState } from "react";
import { useNow } from "./clock.ts";

/** A rate over the last minute, one value a second without holes. */
export interface RateHistory {
  /** Oldest first. */
  values: readonly number[];
  /** The second since the epoch that the last value belongs to. */
  second: number;
}

const samples = 60;
/** So many seconds may be missed, on a busy machine; over a longer absence nothing is known. */
const mostMissed = 5;
const histories = new Map<string, RateHistory>();
const none: readonly number[] = [];

/** The last minute of a rate, one value a second, oldest first; whoever asks for the same key shares it, while the window is open. */
export function useRateHistory(key: string, rate: number): readonly number[] {
  const now = useNow();
  const [shown, setShown] = useState(histories.get(key)?.values ?? none);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one sample a second, whether or not the rate changed
  useEffect(() => {
    const next = addSample(histories.get(key), Math.floor(now / 1_000), rate);
    histories.set(key, next);
    setShown(next.values);
  }, [key, now]);
  return shown;
}

/** The history with the value of one more second; a second counts once, a missed one as the value before it. */
export function addSample(history: RateHistory | undefined, second: number, rate: number): RateHistory {
  const passed = history ? second - history.second : 0;
  if (!history || passed < 0 || passed > mostMissed) return { values: [rate], second };
  const missed = Array<number>(Math.max(0, passed - 1)).fill(history.values.at(-1) ?? rate);
  const before = passed === 0 ? history.values.slice(0, -1) : history.values;
  return { values: [...before, ...missed, rate].slice(-samples), second };
}

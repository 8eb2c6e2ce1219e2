import { useEffect, useState } from "react";
import { useNow } from "./clock.ts";

const samples = 60;
const histories = new Map<string, number[]>();

/** The last minute of a rate, one value a second, oldest first; kept while the window is open. */
export function useRateHistory(key: string, rate: number): readonly number[] {
  const now = useNow();
  const [shown, setShown] = useState<readonly number[]>(histories.get(key) ?? []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one sample a second, whether or not the rate changed
  useEffect(() => {
    const next = [...(histories.get(key) ?? []), rate].slice(-samples);
    histories.set(key, next);
    setShown(next);
  }, [key, now]);
  return shown;
}

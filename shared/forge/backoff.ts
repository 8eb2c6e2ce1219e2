import type { BackoffSettings } from "./schema.ts";

const largestExponent = 30;
const flatThrottleSeconds = 60;

/**
 * Seconds that a failed job waits for its next run; `attempts` counts the run that just failed, from 1 (forge-jobs §7.3).
 * The first wait is therefore twice the base. No jitter.
 */
export function failureDelaySeconds(settings: BackoffSettings, attempts: number): number {
  return settings.enabled ? grown(settings, attempts) : 0;
}

/** Seconds that a whole queue cools down after its `consecutive`-th throttle in a row, from 0 (forge-jobs §7.4). */
export function throttleDelaySeconds(settings: BackoffSettings, consecutive: number): number {
  return settings.enabled ? grown(settings, consecutive) : flatThrottleSeconds;
}

function grown({ baseSeconds, maxSeconds }: BackoffSettings, exponent: number): number {
  return Math.min(baseSeconds * 2 ** Math.min(exponent, largestExponent), maxSeconds);
}

/** The waits after each failed run of a job with so many attempts; the last failure has none, it makes the job dead. */
export function retryDelays(settings: BackoffSettings, maxAttempts: number): number[] {
  const waits = Math.max(0, maxAttempts - 1);
  return Array.from({ length: waits }, (_, index) => failureDelaySeconds(settings, index + 1));
}

/** The first attempt whose wait is the maximum; undefined where the backoff is off. */
export function saturatedFrom(settings: BackoffSettings): number | undefined {
  if (!settings.enabled) return undefined;
  let attempts = 1;
  while (attempts < largestExponent && failureDelaySeconds(settings, attempts) < settings.maxSeconds)
    attempts++;
  return attempts;
}

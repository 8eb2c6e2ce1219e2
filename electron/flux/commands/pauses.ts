/** Waits, but not beyond the end. */
export function pause(milliseconds: number, end: AbortSignal): Promise<void> {
  if (end.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      end.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    end.addEventListener("abort", finish);
  });
}

/** 100 ms, doubled each time, up to 5 s (flux-rpc §5.1). */
export function jobPause(attempt: number): number {
  return Math.min(5_000, 100 * 2 ** attempt);
}

/** 1 s, doubled each time, up to 10 s (flux-rpc §5.1). */
export function syncPause(attempt: number): number {
  return Math.min(10_000, 1_000 * 2 ** attempt);
}

/** 250 ms, doubled each time, up to 2 s (flux-rpc §5.2, watch rollout). */
export function rolloutPause(attempt: number): number {
  return Math.min(2_000, 250 * 2 ** attempt);
}

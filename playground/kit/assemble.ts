/** Registers how something ends, on the line that starts it. */
export type OnStop = (end: () => unknown) => void;

/**
 * Starts what consists of several parts. What was registered ends in reverse order: when it is stopped, and also when a
 * later part fails to start, so that nothing is left running that nobody could stop.
 */
export async function assemble<T extends object>(
  build: (onStop: OnStop) => Promise<T>,
): Promise<T & { stop(): Promise<void> }> {
  const ends: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let end = ends.pop(); end; end = ends.pop())
      await Promise.resolve()
        .then(end)
        .catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  try {
    return Object.assign(await build((end) => ends.push(end)), { stop });
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

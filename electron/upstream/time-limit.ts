/**
 * What the work comes to, or a rejection with `late()` where it takes longer. The signal is aborted in either case: work that
 * takes too long is to end then.
 */
export async function withTimeLimit<T>(
  milliseconds: number,
  begin: (signal: AbortSignal) => Promise<T>,
  late: () => unknown = () => new Error(`it took longer than ${milliseconds} ms`),
): Promise<T> {
  const over = new AbortController();
  const work = begin(over.signal);
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
    over.abort();
    // Nobody waits for it any more.
    work.catch(() => undefined);
  }
}

/** How long work takes, in milliseconds with two decimals. Rejects as it does. */
export async function roundTripOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round((performance.now() - start) * 100) / 100;
}

import type { Page } from "@playwright/test";

/**
 * How many times slower than it is the page is made, by `SWITCHYARD_SLOW_PAGE=10`: whoever types or clicks before the
 * page is ready is then found on a fast machine.
 */
export const slowness = Math.max(1, Number(process.env.SWITCHYARD_SLOW_PAGE ?? 1));

/** Gives the page the processor of a slower machine. */
export async function slowDown(page: Page): Promise<void> {
  if (slowness === 1) return;
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowness });
}

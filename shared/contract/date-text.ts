/** What the contract's date texts can say: the years 0000 to 9999. */
const firstMs = -62_167_219_200_000;
const lastMs = 253_402_300_799_999;

/** Milliseconds since 1970 as the contract's date text. Never throws: what no text can say becomes the nearest that one can. */
export function dateText(ms: number): string {
  const within = Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, firstMs), lastMs);
  return new Date(within).toISOString();
}

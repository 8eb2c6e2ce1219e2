import { isAtLeast } from "../../../../shared/lattice/version.ts";

const largestLimit = 2n ** 64n;

/** The limits that a host keeps: two keys, as unsigned 64-bit numbers; `null` and `{}` both mean none (wasmcloud-control §2.6). */
export function effectiveLimits(
  limits: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const key of ["max_memory_limit", "max_execution_time"]) {
    const text = limits && Object.hasOwn(limits, key) ? (limits[key] ?? "") : "";
    if (/^\+?\d+$/.test(text) && BigInt(text) < largestLimit) kept[key] = String(BigInt(text));
  }
  return kept;
}

/** Hosts that announce hardly any failure and no scale that changes no count; one of unknown version may be such (§2.6, §4.15). */
export function isSilentVersion(version: string | undefined): boolean {
  return isAtLeast(version, "1.1.1") !== true;
}

/** Hosts from 1.0.1 on leave the code from before an update answering (wasmcloud-control §2.7); one of unknown version may. */
export function keepsOldCode(version: string | undefined): boolean {
  return isAtLeast(version, "1.0.1") !== false;
}

/** A string map as one line, sorted; "none" when empty. */
export function mapText(map: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length > 0 ? entries.map(([key, value]) => `${key}=${value}`).join(", ") : "none";
}

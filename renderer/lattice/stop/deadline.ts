export type ParsedDeadline = { ok: true; ms?: number } | { ok: false; message: string };

const mostSeconds = 600;

/** Reads seconds as typed into milliseconds, which hosts want (wasmcloud-control §2.10, trap 20); empty is no deadline. */
export function parseDeadline(text: string): ParsedDeadline {
  const plain = text.trim();
  if (plain === "") return { ok: true };
  const seconds = Number(plain);
  if (!/^\d+(?:\.\d+)?$/.test(plain) || !Number.isFinite(seconds))
    return { ok: false, message: "A number of seconds, or nothing." };
  const ms = Math.round(seconds * 1_000);
  if (ms < 1) return { ok: false, message: "0 is a deadline in the past: the host would not end in order." };
  if (seconds > mostSeconds) return { ok: false, message: `At most ${mostSeconds} seconds.` };
  return { ok: true, ms };
}

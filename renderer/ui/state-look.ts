import { ownValue } from "../../shared/contract/index.ts";
/** What a colour means; the accent is no tone, it marks what can be acted on. */
export type Tone = "good" | "flight" | "warn" | "bad" | "sim" | "idle";

export const glyphShapes = [
  "check",
  "cross",
  "clock",
  "square",
  "question",
  "bang",
  "quarter",
  "half",
  "most",
  "ring",
  "forbidden",
  "arrows",
  "diamond",
] as const;
export type GlyphShape = (typeof glyphShapes)[number];

export interface StateLook {
  tone: Tone;
  shape: GlyphShape;
  word: string;
}

const looks: Record<string, StateLook> = {
  recorded: { tone: "flight", shape: "ring", word: "recorded" },
  sent: { tone: "flight", shape: "quarter", word: "sent" },
  acknowledged: { tone: "flight", shape: "half", word: "acknowledged" },
  confirmed: { tone: "good", shape: "most", word: "confirmed" },
  verified: { tone: "good", shape: "check", word: "verified" },
  failed: { tone: "bad", shape: "cross", word: "failed" },
  refused: { tone: "bad", shape: "forbidden", word: "refused" },
  unknown: { tone: "warn", shape: "question", word: "unknown" },
  live: { tone: "good", shape: "check", word: "live" },
  stale: { tone: "warn", shape: "clock", word: "stale" },
  lost: { tone: "bad", shape: "cross", word: "lost" },
  stopped: { tone: "idle", shape: "square", word: "stopped" },
  healthy: { tone: "good", shape: "check", word: "healthy" },
  unhealthy: { tone: "bad", shape: "bang", word: "unhealthy" },
  silent: { tone: "warn", shape: "clock", word: "silent" },
  open: { tone: "good", shape: "check", word: "open" },
  opening: { tone: "flight", shape: "half", word: "opening" },
  reconnecting: { tone: "warn", shape: "arrows", word: "reconnecting" },
  closed: { tone: "idle", shape: "ring", word: "closed" },
  seen: { tone: "idle", shape: "ring", word: "seen" },
  reading: { tone: "flight", shape: "half", word: "reading" },
  passed: { tone: "good", shape: "check", word: "passed" },
  warning: { tone: "warn", shape: "bang", word: "warning" },
  skipped: { tone: "idle", shape: "ring", word: "skipped" },
  waiting: { tone: "idle", shape: "ring", word: "waiting" },
  running: { tone: "flight", shape: "half", word: "running" },
  done: { tone: "good", shape: "check", word: "done" },
  info: { tone: "idle", shape: "ring", word: "info" },
  good: { tone: "good", shape: "check", word: "good" },
  bad: { tone: "bad", shape: "cross", word: "bad" },
  playground: { tone: "sim", shape: "diamond", word: "playground" },
};

/** Glyph, colour and word of a state; one that is not known looks neutral and keeps its word. */
export function lookOf(state: string): StateLook {
  return ownValue(looks, state) ?? { tone: "idle", shape: "ring", word: state };
}

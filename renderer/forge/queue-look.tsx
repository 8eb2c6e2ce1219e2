import type { QueueRow } from "../../shared/forge/schema.ts";
import { formatCount } from "../ui/format.ts";
import type { StateLook } from "../ui/state-look.ts";
import classes from "./forge.module.css";

/** How a queue stands, the worst first. */
export function queueLook(queue: QueueRow): StateLook {
  if (queue.paused) return { tone: "idle", shape: "square", word: "paused" };
  if (queue.unassigned) return { tone: "bad", shape: "bang", word: "no worker" };
  if (queue.throttledUntil) return { tone: "warn", shape: "clock", word: "cooling down" };
  if (queue.counts.inProgress > 0) return { tone: "good", shape: "half", word: "working" };
  return queue.counts.pending > 0
    ? { tone: "flight", shape: "ring", word: "waiting" }
    : { tone: "good", shape: "check", word: "idle" };
}

const parts = [
  ["inProgress", "running", "--flight"],
  ["pending", "ready", "--accent"],
  ["scheduled", "scheduled", "--idle"],
  ["failed", "failed, to be retried", "--warn"],
  ["dead", "dead", "--bad"],
] as const;

/** What is in a queue but done, as one bar in proportion; the figures are in its title and for screen readers. */
export function CountsBar({ counts }: { counts: QueueRow["counts"] }) {
  const shown = parts.filter(([name]) => counts[name] > 0);
  const words = shown.map(([name, word]) => `${formatCount(counts[name])} ${word}`).join(", ") || "nothing";
  return (
    <span className={classes.bar} title={words} role="img" aria-label={words}>
      {shown.map(([name, , color]) => (
        <span key={name} style={{ flexGrow: counts[name], background: `var(${color})` }} />
      ))}
    </span>
  );
}

/** Slots that are alive of those that are configured. */
export function liveSlots(queue: QueueRow): number {
  const newest = Date.parse(queue.readAt);
  return queue.processes.filter(({ heartbeatAt }) => newest - Date.parse(heartbeatAt) <= 60_000).length;
}

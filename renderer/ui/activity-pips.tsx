import { Tooltip } from "@mantine/core";
import { Fragment } from "react";
import type { ActivityState } from "../../shared/contract/index.ts";
import classes from "./activity-pips.module.css";
import { formatDuration } from "./format.ts";
import { lookOf, type Tone } from "./state-look.ts";

/** The part of an activity that its pips show. */
export interface PipsOf {
  state: ActivityState;
  steps: readonly { state: ActivityState; at: string }[];
  acknowledgedAfterMs?: number | undefined;
  confirmedAfterMs?: number | undefined;
}

const road = ["sent", "acknowledged", "confirmed", "verified"] as const;
type Pip = { name: string; tone: Tone; mark: "full" | "half" | "ring" | "hatched" | "cross" };

/** How far a command came: sent, acknowledged, confirmed, verified; a failed or unknown end stands where it happened. */
export function ActivityPips({ activity }: { activity: PipsOf }) {
  const pips = pipsOf(activity);
  return (
    <Tooltip label={durationsOf(activity)} multiline maw={320}>
      <span className={classes.pips} role="img" aria-label={`${activity.state}: ${durationsOf(activity)}`}>
        {pips.map((pip, place) => (
          <Fragment key={pip.name}>
            {place > 0 && (
              <span
                className={classes.line}
                style={{ color: `var(--${pip.tone})` }}
                data-passed={pip.mark === "ring" ? undefined : true}
              />
            )}
            <PipMark pip={pip} />
          </Fragment>
        ))}
      </span>
    </Tooltip>
  );
}

/** The four pips of an activity, in order. */
export function pipsOf({ state, steps }: PipsOf): Pip[] {
  const reached = new Set(steps.map((step) => step.state));
  const last = road.findLastIndex((name) => reached.has(name));
  const inFlight = state === "recorded" || state === "sent" || state === "acknowledged";
  const ended = state === "failed" || state === "refused" || state === "unknown";
  return road.map((name, place): Pip => {
    if (ended && place === last + 1) {
      const { tone } = lookOf(state);
      return { name, tone, mark: state === "unknown" ? "hatched" : "cross" };
    }
    if (place > last) return { name, tone: "idle", mark: "ring" };
    if (inFlight) return { name, tone: "flight", mark: place === last ? "half" : "full" };
    return { name, tone: "good", mark: "full" };
  });
}

function durationsOf({ state, acknowledgedAfterMs, confirmedAfterMs }: PipsOf): string {
  const parts = [
    acknowledgedAfterMs === undefined ? "" : `acknowledged after ${formatDuration(acknowledgedAfterMs)}`,
    confirmedAfterMs === undefined ? "" : `confirmed after ${formatDuration(confirmedAfterMs)}`,
    state === "unknown" ? "may still finish: reconcile" : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? lookOf(state).word : parts.join(" · ");
}

function PipMark({ pip }: { pip: Pip }) {
  const line = { fill: "none", stroke: "currentColor", strokeWidth: 1.6 };
  return (
    <svg
      width="11"
      height="11"
      viewBox="0 0 12 12"
      aria-hidden="true"
      style={{ color: `var(--${pip.tone})` }}
    >
      {pip.mark === "full" && <circle cx="6" cy="6" r="5" fill="currentColor" />}
      {pip.mark !== "full" && <circle cx="6" cy="6" r="4.4" {...line} />}
      {pip.mark === "half" && <path d="M6 2.4A3.6 3.6 0 0 1 6 9.6Z" fill="currentColor" />}
      {pip.mark === "hatched" && <path d="M2.6 7.2 7.2 2.6M3.4 9.2 9.2 3.4M5.6 10.2 10 5.8" {...line} />}
      {pip.mark === "cross" && <path d="M4 4 8 8M8 4 4 8" {...line} />}
    </svg>
  );
}

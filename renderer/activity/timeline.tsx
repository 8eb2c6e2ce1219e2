import type { Activity } from "../../shared/contract/index.ts";
import { formatDuration } from "../ui/format.ts";
import { ExactTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./activity.module.css";

/** The steps of an activity with the time of each and what passed since the start. */
export function Timeline({ activity }: { activity: Activity }) {
  const start = Date.parse(activity.startedAt);
  return (
    <ol className={classes.timeline}>
      {activity.steps.map((step) => (
        <li key={`${step.state} ${step.at}`} className={classes.step}>
          <StatusBadge state={step.state} />
          <span className={classes.faint}>
            <ExactTime at={step.at} />
          </span>
          <span className={classes.faint}>+{formatDuration(Date.parse(step.at) - start)}</span>
        </li>
      ))}
    </ol>
  );
}

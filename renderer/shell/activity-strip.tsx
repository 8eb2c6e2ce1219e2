import { Link } from "react-router";
import { type ActivityGroup, groupQuery, runningGroups, slowestOf } from "../client/activity-groups.ts";
import { useTopic } from "../client/use-topic.ts";
import { useNow } from "../state/clock.ts";
import { pathTo } from "../state/paths.ts";
import type { Selection } from "../state/selection.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import own from "./activity-strip.module.css";
import classes from "./frame.module.css";

const shownAtOnce = 3;

/** What is happening because of the person; gone a few seconds after all of it has ended. */
export function ActivityStrip({ selection }: { selection: Selection | undefined }) {
  const activities = useTopic("activity").rows;
  const now = useNow();
  const groups = runningGroups(activities, now);
  return (
    <section className={classes.strip} aria-label="Running activities" aria-live="polite">
      {groups.length > 0 && (
        <div className={own.strip}>
          {groups.slice(0, shownAtOnce).map((group) => (
            <StripLine key={group.key} group={group} to={pathTo("activity", selection)} />
          ))}
          {groups.length > shownAtOnce && (
            <div className={own.line}>
              <Link to={pathTo("activity", selection)}>{groups.length - shownAtOnce} more running</Link>
            </div>
          )}
        </div>
      )}
    </section>
  );
}

function StripLine({ group, to }: { group: ActivityGroup; to: string }) {
  const slowest = slowestOf(group);
  return (
    <div className={own.line}>
      <span className={own.title}>{group.title}</span>
      <ActivityPips activity={slowest} />
      <span className={own.words}>
        {group.members.length === 1
          ? slowest.message
          : group.counts.map(({ state, count }) => `${count} ${state}`).join(" · ")}
      </span>
      <Link className={own.open ?? ""} to={to + groupQuery(group)}>
        open
      </Link>
    </div>
  );
}

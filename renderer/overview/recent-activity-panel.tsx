import { Link } from "react-router";
import { activityGroups, groupQuery, slowestOf } from "../client/activity-groups.ts";
import { useTopic } from "../client/use-topic.ts";
import { pathTo } from "../state/paths.ts";
import type { LatticeSelection } from "../state/selection.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import classes from "./overview.module.css";

const shownAtOnce = 6;

/** The latest commands on this connection and how far each came. */
export function RecentActivityPanel({ selection }: { selection: LatticeSelection }) {
  const activities = useTopic("activity").rows.filter((one) => one.connectionId === selection.connectionId);
  const newest = activityGroups(activities).slice(0, shownAtOnce);
  const path = pathTo("activity", selection);
  return (
    <section className={classes.panel} aria-labelledby="recent">
      <h2 id="recent" className={classes.panelTitle}>
        Recent activity
        <Link to={path}>all</Link>
      </h2>
      {newest.length === 0 && (
        <div className={classes.quiet}>Nothing has been changed through this console</div>
      )}
      <ul className={classes.list}>
        {newest.map((group) => (
          <li key={group.key} className={classes.activity}>
            <Link className={classes.concernTitle ?? ""} to={path + groupQuery(group)}>
              {group.title}
            </Link>
            <ActivityPips activity={slowestOf(group)} />
            <span className={classes.side}>
              <RelativeTime at={group.members[0]?.startedAt ?? ""} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

import { Link } from "react-router";
import { useTopic } from "../client/use-topic.ts";
import { pathTo } from "../state/paths.ts";
import type { Selection } from "../state/selection.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import classes from "./overview.module.css";

const shownAtOnce = 6;

/** The latest commands on this connection and how far each came. */
export function RecentActivityPanel({ selection }: { selection: Selection }) {
  const activities = useTopic("activity").rows.filter((one) => one.connectionId === selection.connectionId);
  const newest = activities
    .slice()
    .sort((left, right) => right.startedAt.localeCompare(left.startedAt))
    .slice(0, shownAtOnce);
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
        {newest.map((activity) => (
          <li key={activity.id} className={classes.activity}>
            <Link
              className={classes.concernTitle ?? ""}
              to={`${path}?open=${encodeURIComponent(activity.id)}`}
            >
              {activity.title}
            </Link>
            <ActivityPips activity={activity} />
            <span className={classes.side}>
              <RelativeTime at={activity.startedAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

import { useMemo } from "react";
import { useNavigate } from "react-router";
import type { Activity } from "../../shared/contract/index.ts";
import { useTopic } from "../client/use-topic.ts";
import { pathTo } from "../state/paths.ts";
import { useSelection } from "../state/selection.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import { DrawerSection } from "../ui/drawer.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import classes from "./lattice.module.css";

const most = 8;

/** The newest activities that concern one entity. */
export function EntityActivities({ concerns }: { concerns: (activity: Activity) => boolean }) {
  const { connectionId, lattice } = useSelection();
  const navigate = useNavigate();
  const { rows } = useTopic("activity");
  const found = useMemo(
    () =>
      rows
        .filter((row) => row.connectionId === connectionId && concerns(row))
        .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
        .slice(0, most),
    [rows, connectionId, concerns],
  );
  const open = (id: string) =>
    navigate(`${pathTo("activity", { connectionId, lattice })}?open=${encodeURIComponent(id)}`);
  return (
    <DrawerSection title="Activities">
      {found.length === 0 && (
        <span className={classes.hint}>Nothing was done here from this console lately.</span>
      )}
      <ul className={classes.events}>
        {found.map((activity) => (
          <li key={activity.id}>
            <ActivityPips activity={activity} />
            <button
              type="button"
              className={classes.link}
              onClick={() => open(activity.id)}
              title={activity.message}
            >
              {activity.title}
              {activity.target?.hostName && ` on ${activity.target.hostName}`}
            </button>
            <RelativeTime at={activity.startedAt} />
          </li>
        ))}
      </ul>
    </DrawerSection>
  );
}

import { useMemo } from "react";
import { useNavigate } from "react-router";
import type { Activity } from "../../shared/contract/index.ts";
import { useTopic } from "../client/use-topic.ts";
import { pathTo } from "../state/paths.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import { DrawerSection } from "../ui/drawer.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import classes from "./flux.module.css";
import { useFlux } from "./use-flux.ts";

const most = 8;

/** The newest activities that concern a daemon, or one of its workloads. */
export function EntityActivities({ concerns }: { concerns: (activity: Activity) => boolean }) {
  const { connectionId } = useFlux();
  const navigate = useNavigate();
  const { rows } = useTopic("activity");
  const found = useMemo(
    () =>
      rows
        .filter((activity) => activity.connectionId === connectionId && concerns(activity))
        .sort((left, right) => (left.startedAt < right.startedAt ? 1 : -1))
        .slice(0, most),
    [rows, connectionId, concerns],
  );
  const path = pathTo("activity", { system: "flux", connectionId });
  return (
    <DrawerSection title="Activities">
      {found.length === 0 && (
        <span className={classes.hint}>Nothing was done here from this console lately.</span>
      )}
      <ul className={classes.list}>
        {found.map((activity) => (
          <li key={activity.id}>
            <ActivityPips activity={activity} />
            <button
              type="button"
              className={classes.link}
              title={activity.message}
              onClick={() => navigate(`${path}?open=${encodeURIComponent(activity.id)}`)}
            >
              {activity.title}
            </button>
            <RelativeTime at={activity.startedAt} />
          </li>
        ))}
      </ul>
    </DrawerSection>
  );
}

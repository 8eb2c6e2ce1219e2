import { useMemo } from "react";
import { useNavigate } from "react-router";
import type { ActivityTarget } from "../../shared/contract/index.ts";
import { useTopic } from "../client/use-topic.ts";
import { pathTo } from "../state/paths.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import { DrawerSection } from "../ui/drawer.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import classes from "./flowfabric.module.css";
import { useFlowfabric } from "./use-flowfabric.ts";

const most = 8;

/** The newest activities that concern one execution or budget. */
export function EntityActivities({ kind, id }: Pick<ActivityTarget, "kind" | "id">) {
  const { connectionId } = useFlowfabric();
  const navigate = useNavigate();
  const { rows } = useTopic("activity");
  const found = useMemo(
    () =>
      rows
        .filter(
          ({ connectionId: on, target }) => on === connectionId && target?.kind === kind && target.id === id,
        )
        .sort((left, right) => (left.startedAt < right.startedAt ? 1 : -1))
        .slice(0, most),
    [rows, connectionId, kind, id],
  );
  const activityPath = pathTo("activity", { system: "flowfabric", connectionId });
  return (
    <DrawerSection title="Activities">
      {found.length === 0 && <p className={classes.hint}>Nothing was done here from this console lately.</p>}
      <ul className={classes.list}>
        {found.map((activity) => (
          <li key={activity.id}>
            <ActivityPips activity={activity} />
            <button
              type="button"
              className={classes.link}
              title={activity.message}
              onClick={() => navigate(`${activityPath}?open=${encodeURIComponent(activity.id)}`)}
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

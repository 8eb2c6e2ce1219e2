import { useCallback, useMemo } from "react";
import { useNavigate } from "react-router";
import type { Activity, ActivityTarget } from "../../shared/contract/index.ts";
import { useTopic } from "../client/use-topic.ts";
import { pathTo } from "../state/paths.ts";
import { useOptionalSelection } from "../state/selection.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import { DrawerSection } from "../ui/drawer.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import classes from "../ui/text.module.css";

const most = 8;

/** The newest activities on the selected connection that concern one entity. */
export function EntityActivities({ concerns }: { concerns: (activity: Activity) => boolean }) {
  const selection = useOptionalSelection();
  const navigate = useNavigate();
  const { rows } = useTopic("activity");
  const connectionId = selection?.connectionId;
  const found = useMemo(
    () =>
      rows
        .filter((row) => row.connectionId === connectionId && concerns(row))
        .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
        .slice(0, most),
    [rows, connectionId, concerns],
  );
  const open = (id: string) => navigate(`${pathTo("activity", selection)}?open=${encodeURIComponent(id)}`);
  return (
    <DrawerSection title="Activities">
      {found.length === 0 && <p className={classes.hint}>No recent changes from this console.</p>}
      <ul className={classes.lines}>
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

/** The same for an entity that activities have as their target. */
export function TargetActivities({ kind, id }: Pick<ActivityTarget, "kind" | "id">) {
  const concerns = useCallback(
    ({ target }: Activity) => target?.kind === kind && target.id === id,
    [kind, id],
  );
  return <EntityActivities concerns={concerns} />;
}

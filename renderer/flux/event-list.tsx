import { useTopic } from "../client/use-topic.ts";
import { useSystem } from "../state/selection.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { lookOf } from "../ui/state-look.ts";
import classes from "./flux.module.css";

const most = 10;

/** The newest events of a daemon, or of one of its workloads. */
export function EventList({ daemonId, workload }: { daemonId: string; workload?: string }) {
  const { connectionId } = useSystem("flux");
  const { rows } = useTopic("flux.events", { connectionId });
  const found = rows
    .filter((event) => event.daemonId === daemonId && (!workload || event.workloads.includes(workload)))
    .sort((left, right) => right.sequence - left.sequence)
    .slice(0, most);
  return (
    <DrawerSection title="Events">
      {found.length === 0 && <span className={classes.hint}>No events kept.</span>}
      <ul className={classes.list}>
        {found.map((event) => {
          const look = lookOf(event.severity);
          return (
            <li key={event.sequence}>
              <StateGlyph shape={look.shape} tone={look.tone} label={look.word} />
              <span title={event.summary}>{event.summary}</span>
              <RelativeTime at={event.receivedAt} />
            </li>
          );
        })}
      </ul>
    </DrawerSection>
  );
}

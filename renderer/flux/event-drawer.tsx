import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Notice } from "../ui/notice.tsx";
import { ExactTime, RelativeTime } from "../ui/relative-time.tsx";
import { ShortId } from "../ui/short-id.tsx";
import type { EventView } from "./event-columns.tsx";
import classes from "./flux.module.css";
import { ResultTable } from "./result-table.tsx";

interface EventDrawerProps {
  event: EventView;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** One event: what it says, commit by commit and workload by workload, and as it was sent. */
export function EventDrawer({ event, onClose, onStep }: EventDrawerProps) {
  const { connectionId } = useSystem("flux");
  const detail = useOperation("flux.events.get", { connectionId, sequence: event.sequence });
  return (
    <Drawer title={event.type} subtitle={event.daemonName} onClose={onClose} onStep={onStep}>
      <p>{event.summary}</p>
      <DrawerSection title="Facts">
        <Facts
          facts={[
            ["Received", <RelativeTime key="received" at={event.receivedAt} />],
            ["Began", event.startedAt && <ExactTime key="began" at={event.startedAt} />],
            ["Ended", event.endedAt && <ExactTime key="ended" at={event.endedAt} />],
            ["By", event.user],
            ["Revision", event.revisions[0] && <ShortId key="revision" id={event.revisions[0]} keep={8} />],
            ["Workloads", event.workloads.join(", ")],
          ]}
        />
      </DrawerSection>
      {event.errors.length > 0 && (
        <DrawerSection title="Not applied">
          {event.errors.map(({ id, path, error }) => (
            <Notice key={`${id} ${path}`} slim tone="bad" shape="bang" title={id}>
              {error} <span className={classes.faint}>({path})</span>
            </Notice>
          ))}
        </DrawerSection>
      )}
      {(detail.data?.commits.length ?? 0) > 0 && (
        <DrawerSection title="Commits, newest first">
          <ul className={classes.list}>
            {detail.data?.commits.map(({ revision, message }) => (
              <li key={revision}>
                <ShortId id={revision} keep={4} />
                <span title={message}>{message.split("\n", 1)[0] || "no message"}</span>
              </li>
            ))}
          </ul>
        </DrawerSection>
      )}
      {detail.data && <ResultTable title="Workloads" results={detail.data.results} />}
      <DrawerSection title="As it was sent">
        {detail.isPending && <LoadingSkeleton rows={4} />}
        {detail.error && <FailureNotice slim failure={detail.error.toData()} />}
        {detail.data && <JsonView value={detail.data.raw} label="Event" />}
      </DrawerSection>
    </Drawer>
  );
}

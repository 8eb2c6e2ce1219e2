import { DrawerSection } from "../ui/drawer.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { ShortId } from "../ui/short-id.tsx";
import classes from "./forge.module.css";
import type { QueueView } from "./use-queues.ts";

/** The worker slots of a queue; those without a recent heartbeat are marked. */
export function QueueSlots({ queue }: { queue: QueueView }) {
  const newest = Date.parse(queue.readAt);
  return (
    <DrawerSection title="Worker slots">
      {queue.processes.length === 0 && <p className={classes.hint}>No slot is registered for this queue.</p>}
      {queue.processes.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th>Process</th>
              <th>Job</th>
              <th data-align="end">Heartbeat</th>
            </tr>
          </thead>
          <tbody>
            {queue.processes.map(({ processId, hostId, currentJobId, heartbeatAt }) => (
              <tr key={processId}>
                <td>
                  <ShortId id={hostId} />
                </td>
                <td>
                  {currentJobId ? <ShortId id={currentJobId} /> : <span className={classes.hint}>idle</span>}
                </td>
                <td
                  data-align="end"
                  className={newest - Date.parse(heartbeatAt) > 30_000 ? classes.warn : undefined}
                >
                  <RelativeTime at={heartbeatAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </DrawerSection>
  );
}

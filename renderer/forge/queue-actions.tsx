import { limits, type QueueRow } from "../../shared/forge/schema.ts";
import type { Action, ActionDialogProps } from "../command/action.ts";
import { BackoffDialog } from "./backoff-dialog.tsx";
import { PauseDialog, RetentionDialog, WorkersDialog } from "./queue-dialogs.tsx";
import { deleteJobs, deleteOldJobs } from "./sweep-actions.tsx";

/** How long failed jobs of a queue wait; the only setting that servers before 0.2.0 have. */
export const setBackoff: Action<QueueRow> = {
  id: "queue-backoff",
  operation: "forge.queues.set-backoff",
  verb: "Backoff",
  synonyms: "set delay",
  label: ([queue]) => `Set the backoff of ${queue?.name}`,
  Dialog: (props) => <OfQueue {...props} Dialog={BackoffDialog} />,
};

/** What can be done with a queue. */
export const queueActions: readonly Action<QueueRow>[] = [
  {
    id: "queue-pause",
    operation: "forge.queues.set-paused",
    verb: "Pause",
    synonyms: "stop halt",
    label: ([queue]) => `Pause ${queue?.name}`,
    applies: ([queue]) => queue?.paused === false,
    Dialog: (props) => <OfQueue {...props} Dialog={PauseDialog} />,
  },
  {
    id: "queue-resume",
    operation: "forge.queues.set-paused",
    verb: "Resume",
    synonyms: "continue unpause start",
    label: ([queue]) => `Resume ${queue?.name}`,
    applies: ([queue]) => queue?.paused === true,
    Dialog: (props) => <OfQueue {...props} Dialog={PauseDialog} />,
  },
  setBackoff,
  {
    id: "queue-workers",
    operation: "forge.queues.set-max-workers",
    verb: "Workers",
    synonyms: "set scale slots",
    label: ([queue], count) => `Set workers of ${queue?.name}${count === undefined ? "" : ` to ${count}`}`,
    secondary: true,
    parameter: (text) => (/^\d+$/.test(text) && Number(text) <= limits.workers.max ? text : undefined),
    Dialog: (props) => <OfQueue {...props} Dialog={WorkersDialog} />,
  },
  {
    id: "queue-retention",
    operation: "forge.queues.set-retention",
    verb: "Retention",
    synonyms: "set keep",
    label: ([queue]) => `Set the retention of ${queue?.name}`,
    secondary: true,
    Dialog: (props) => <OfQueue {...props} Dialog={RetentionDialog} />,
  },
  { ...deleteJobs, secondary: true },
  { ...deleteOldJobs, secondary: true },
];

/** The dialogs are about one queue. */
function OfQueue(props: ActionDialogProps<QueueRow> & { Dialog: typeof WorkersDialog }) {
  const { things, value, returnTo, onClose, Dialog } = props;
  const [queue] = things;
  return queue && <Dialog queue={queue} value={value} returnTo={returnTo} onClose={onClose} />;
}

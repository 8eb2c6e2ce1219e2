import type { Action } from "../command/action.ts";
import { DemoDialog } from "./demo-dialog.tsx";
import { EnqueueDialog } from "./enqueue-dialog.tsx";
import { SweepAgeDialog } from "./sweep-age-dialog.tsx";
import { SweepDeleteDialog } from "./sweep-delete-dialog.tsx";
import { SweepRetryDialog } from "./sweep-retry-dialog.tsx";

/** The queue with which the form begins, if any. */
export interface NamedQueue {
  name: string;
}

const ofQueue = ([queue]: readonly NamedQueue[]) => (queue ? ` of ${queue.name}` : "");

export const deleteJobs: Action<NamedQueue> = {
  id: "jobs-delete-by-status",
  operation: "forge.jobs.delete-by-status",
  verb: "Delete",
  synonyms: "remove sweep",
  label: (queue) => `Delete every job of a status${ofQueue(queue)}`,
  button: () => "Delete every job of a status…",
  destructive: true,
  Dialog: ({ things: [queue], ...rest }) => <SweepDeleteDialog {...rest} queue={queue?.name} />,
};

export const deleteOldJobs: Action<NamedQueue> = {
  id: "jobs-delete-old",
  operation: "forge.jobs.delete-done",
  verb: "Delete old",
  synonyms: "remove sweep clean",
  label: (queue) => `Delete old done jobs${ofQueue(queue)}`,
  button: () => "Delete old done jobs…",
  destructive: true,
  Dialog: ({ things: [queue], ...rest }) => <SweepAgeDialog {...rest} queue={queue?.name} />,
};

/** Commands for which the server itself finds the jobs: quicker than one by one, and without a receipt for each. */
export const sweepActions: readonly Action<NamedQueue>[] = [
  {
    id: "jobs-retry-all",
    operation: "forge.jobs.retry-all-by-status",
    verb: "Retry",
    synonyms: "sweep",
    label: () => "Retry every failed or dead job",
    button: () => "Retry every failed or dead job…",
    Dialog: ({ things: [queue], ...rest }) => <SweepRetryDialog {...rest} queue={queue?.name} />,
  },
  deleteJobs,
  deleteOldJobs,
];

export const enqueueDemo: Action<NamedQueue> = {
  id: "job-demo",
  operation: "forge.jobs.enqueue-demo",
  verb: "Enqueue a demonstration",
  label: () => "Enqueue a demonstration job",
  button: () => "Enqueue a demonstration job…",
  Dialog: ({ things: [queue], ...rest }) => <DemoDialog {...rest} queue={queue?.name} />,
};

export const enqueueJob: Action<NamedQueue> = {
  id: "job-enqueue",
  operation: "forge.jobs.enqueue",
  verb: "Enqueue",
  synonyms: "new job add",
  label: (queue) => `Enqueue a job${queue.length > 0 ? ` in ${queue[0]?.name}` : ""}`,
  key: "n",
  primary: true,
  Dialog: ({ things: [queue], onClose }) => <EnqueueDialog queue={queue?.name} onClose={onClose} />,
};

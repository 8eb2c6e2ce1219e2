import type { Activity } from "../../shared/contract/index.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import { TimeCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { lookOf } from "../ui/state-look.ts";

/** A change from this console with its job. */
export interface ChangeView {
  activity: Activity;
  daemonId: string;
  daemonName: string;
  jobId: string | undefined;
}

/** The job that a change became, as its reply says. */
export function jobIdOf({ reply }: Activity): string | undefined {
  const jobId = (reply as { jobId?: unknown } | null | undefined)?.jobId;
  return typeof jobId === "string" ? jobId : undefined;
}

/** The columns of the changes page; their ids are the names in the filter. */
export const changeColumns: readonly DataColumn<ChangeView>[] = [
  {
    id: "time",
    header: "When",
    width: 84,
    align: "end",
    quiet: true,
    searched: false,
    value: ({ activity }) => activity.startedAt,
    render: ({ activity }) => <TimeCell at={activity.startedAt} />,
  },
  { id: "change", header: "Change", width: 280, value: ({ activity }) => activity.title },
  { id: "daemon", header: "Daemon", width: 100, value: ({ daemonName }) => daemonName },
  {
    id: "progress",
    header: "Progress",
    width: 120,
    value: ({ activity }) => lookOf(activity.state).word,
    render: ({ activity }) => <ActivityPips activity={activity} />,
  },
  { id: "known", header: "What is known", width: 340, value: ({ activity }) => activity.message },
  { id: "job", header: "Job", width: 110, mono: true, value: ({ jobId }) => jobId },
  {
    id: "by",
    header: "By",
    width: 140,
    hidden: true,
    value: ({ activity }) => String(activity.input.user ?? ""),
  },
];

import type { FluxEvent } from "../../shared/flux/schema.ts";
import { TimeCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { lookOf } from "../ui/state-look.ts";
import classes from "./flux.module.css";

/** An event with the name of its daemon. */
export type EventView = FluxEvent & { daemonName: string };

/** The columns of the sync history; their ids are the names in the filter. */
export const eventColumns: readonly DataColumn<EventView>[] = [
  {
    id: "time",
    header: "When",
    width: 84,
    align: "end",
    quiet: true,
    searched: false,
    value: (row) => row.receivedAt,
    sortValue: (row) => row.sequence,
    render: (row) => <TimeCell at={row.receivedAt} />,
  },
  { id: "daemon", header: "Daemon", width: 100, value: (row) => row.daemonName },
  {
    id: "type",
    header: "Type",
    width: 120,
    value: (row) => row.type,
    render: (row) => <EventType row={row} />,
  },
  { id: "summary", header: "What happened", width: 380, value: (row) => row.summary },
  {
    id: "revision",
    header: "Revision",
    width: 84,
    mono: true,
    value: (row) => row.revisions[0],
    render: (row) => row.revisions[0]?.slice(0, 8),
  },
  { id: "user", header: "By", width: 150, value: (row) => row.user },
  { id: "workloads", header: "Workloads", width: 200, hidden: true, value: (row) => row.workloads },
  { id: "errors", header: "Errors", width: 60, align: "end", value: (row) => row.errors.length || undefined },
];

function EventType({ row }: { row: EventView }) {
  const look = lookOf(row.severity);
  return (
    <span className={classes.badges}>
      <StateGlyph shape={look.shape} tone={look.tone} label={look.word} />
      {row.type}
    </span>
  );
}

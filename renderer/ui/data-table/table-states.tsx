import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { FailureData } from "../../../shared/contract/index.ts";
import { EmptyState } from "../empty-state.tsx";
import { FailureNotice } from "../failure-notice.tsx";
import { formatCount } from "../format.ts";
import { AfterAMoment } from "../loading-skeleton.tsx";
import classes from "./data-table.module.css";

/** `loading` with rows: those of a former question, or a part. `stale`: the rows are shown dimmed; the page says since when. */
export type TablePhase = "loading" | "ready" | "stale" | "failed";

export interface EmptyText {
  title: string;
  text?: ReactNode;
  action?: ReactNode;
}

interface InsteadOfRows {
  phase: TablePhase;
  failure?: FailureData | undefined;
  onRetry?: (() => void) | undefined;
  /** Why nothing can be read at present. */
  notRead: EmptyText | undefined;
  empty: EmptyText;
  what: string;
  total: number;
  shown: number;
  columns: number;
  /** The order answers the present filter. */
  settled: boolean;
  onClearFilter: () => void;
}

/** What a table shows in place of rows, or undefined when it has rows to show. */
export function insteadOfRows(state: InsteadOfRows): ReactNode | undefined {
  const { phase, failure, total, shown } = state;
  if (total === 0 && state.notRead) return <Empty {...state.notRead} />;
  if (phase === "failed" && failure) {
    return (
      <div className={classes.instead}>
        <FailureNotice
          what={`The ${state.what} could not be read`}
          failure={failure}
          onRetry={state.onRetry}
        />
      </div>
    );
  }
  if (total === 0)
    return phase === "loading" ? <SkeletonRows columns={state.columns} /> : <Empty {...state.empty} />;
  if (shown > 0 || !state.settled) return undefined;
  return (
    <Empty
      title={`None of the ${formatCount(total)} ${state.what} fits the filter`}
      action={
        <Button variant="default" onClick={state.onClearFilter}>
          Clear the filter
        </Button>
      }
    />
  );
}

function Empty(text: EmptyText) {
  return (
    <div className={classes.instead}>
      <EmptyState {...text} />
    </div>
  );
}

const widths = [72, 48, 60, 84, 40, 66];

function SkeletonRows({ columns }: { columns: number }) {
  const cells = Array.from({ length: columns }, (_unused, at) => at);
  const rows = Array.from({ length: 12 }, (_unused, at) => at);
  return (
    <AfterAMoment>
      <div role="status" aria-label="Loading" className={classes.skeleton}>
        {rows.map((row) => (
          <div key={row} className={classes.skeletonRow}>
            {cells.map((cell) => (
              <span key={cell} style={{ width: `${widths[(row + cell * 2) % widths.length]}%` }} />
            ))}
          </div>
        ))}
      </div>
    </AfterAMoment>
  );
}

import type { LatticeRow } from "../../shared/lattice/schema.ts";
import { useTopic, useTopicRow } from "../client/use-topic.ts";
import { type LatticeSelection, useSelection } from "../state/selection.ts";
import { useUiStore } from "../state/ui-store.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { formatClock } from "../ui/format.ts";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";
import { AttentionPanel } from "./attention-panel.tsx";
import { EventRatePanel } from "./event-rate-panel.tsx";
import { Figures } from "./figures.tsx";
import { HostsPanel } from "./hosts-panel.tsx";
import classes from "./overview.module.css";
import { RecentActivityPanel } from "./recent-activity-panel.tsx";

/** Where one is, whether anything is wrong, and what happens because of the person. */
export function OverviewPage() {
  const selection = useSelection();
  const { connectionId, lattice } = selection;
  const utc = useUiStore((state) => state.utc);
  const row = useTopicRow("lattice.lattices", { connectionId }, lattice);
  return (
    <Page
      title="Overview"
      counts={row?.dataFrom && `of ${lattice}, as of ${formatClock(Date.parse(row.dataFrom), utc)}`}
      scroll
    >
      {row ? <Panels row={row} selection={selection} /> : <NothingKnown selection={selection} />}
    </Page>
  );
}

function Panels({ row, selection }: { row: LatticeRow; selection: LatticeSelection }) {
  return (
    <>
      <Figures row={row} selection={selection} />
      <div className={classes.columns}>
        <div>
          <AttentionPanel selection={selection} row={row} />
          <HostsPanel selection={selection} />
        </div>
        <div>
          <EventRatePanel selection={selection} row={row} />
          <RecentActivityPanel selection={selection} />
        </div>
      </div>
    </>
  );
}

function NothingKnown({ selection }: { selection: LatticeSelection }) {
  const { phase } = useTopic("lattice.lattices", { connectionId: selection.connectionId });
  const state = selection.status?.state;
  if (phase === "loading" || state === undefined || state === "opening") {
    return <LoadingSkeleton rows={3} height={60} />;
  }
  const text =
    state === "open"
      ? "No host has sent a heartbeat and none answers on these servers. The name may be wrong, or no host runs."
      : "The connection is not open. What its lattice holds is read as soon as it is.";
  return <EmptyState title={`Nothing is known of lattice ${selection.lattice} yet`} text={text} />;
}

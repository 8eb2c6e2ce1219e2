import { useTopic, useTopicRow } from "../client/use-topic.ts";
import { useSelection } from "../state/selection.ts";
import { useUiStore } from "../state/ui-store.ts";
import { formatClock } from "../ui/format.ts";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";
import { AttentionPanel } from "./attention-panel.tsx";
import { EventRatePanel } from "./event-rate-panel.tsx";
import { Figures } from "./figures.tsx";
import classes from "./overview.module.css";
import { RecentActivityPanel } from "./recent-activity-panel.tsx";

/** Where one is, whether anything is wrong, and what happens because of the person. */
export function OverviewPage() {
  const selection = useSelection();
  const { connectionId, lattice } = selection;
  const utc = useUiStore((state) => state.utc);
  const topic = useTopic("lattice.lattices", { connectionId });
  const row = useTopicRow("lattice.lattices", { connectionId }, lattice);
  return (
    <Page
      title="Overview"
      counts={row?.dataFrom && `of ${lattice}, as of ${formatClock(Date.parse(row.dataFrom), utc)}`}
      scroll
    >
      {row ? (
        <Figures row={row} selection={selection} />
      ) : (
        topic.phase === "loading" && <LoadingSkeleton rows={2} height={60} />
      )}
      <div className={classes.columns}>
        <div>
          <AttentionPanel selection={selection} row={row} />
        </div>
        <div>
          <EventRatePanel selection={selection} row={row} />
          <RecentActivityPanel selection={selection} />
        </div>
      </div>
    </Page>
  );
}

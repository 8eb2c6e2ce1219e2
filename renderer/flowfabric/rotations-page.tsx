import { useSearchParams } from "react-router";
import type { RotationRow } from "../../shared/flowfabric/rotation-schema.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatQuantity } from "../ui/format.ts";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";
import classes from "./flowfabric.module.css";
import { KeyUsage } from "./key-usage.tsx";
import { startRotation } from "./rotation-actions.tsx";
import { RotationHistory } from "./rotation-history.tsx";
import { RotationPanel } from "./rotation-panel.tsx";
import { ServerNotices } from "./server-notices.tsx";
import { useRotations } from "./use-rotations.ts";

const pageActions = [startRotation];
const none: readonly RotationRow[] = [];

/** Rotations of the waitpoint secret: the grid of the newest or chosen one, the keys in use, and those before. */
export function RotationsPage() {
  const { isOpen } = useSystem("flowfabric");
  const { rows, phase, failure } = useRotations();
  const [openKey, setOpenKey] = useOpenKey();
  const shown = rows.find(({ id }) => id === openKey) ?? rows[0];
  const unfinished = rows.find(({ state }) => state === "running" || state === "unfinished");
  const wanted = useSearchParams()[0].get("partition");
  return (
    <Page
      title="Rotations"
      counts={phase === "loading" ? undefined : formatQuantity(rows.length, "rotation")}
      scroll
      notices={<ServerNotices />}
      actions={
        <ActionButtons
          group="Rotations"
          actions={pageActions}
          things={unfinished ? [unfinished] : none}
          disabled={!isOpen}
        />
      }
    >
      <div className={classes.stack}>
        {failure && <FailureNotice failure={failure} />}
        {phase === "loading" && rows.length === 0 && !failure && <LoadingSkeleton rows={8} />}
        {phase !== "loading" && rows.length === 0 && <NoRotation isOpen={isOpen} />}
        {shown && (
          <RotationPanel
            key={`${shown.id} ${wanted}`}
            row={shown}
            partition={wanted === null ? undefined : Number(wanted)}
          />
        )}
        <KeyUsage settledAt={shown?.state === "running" ? undefined : shown?.updatedAt} />
        {rows.length > 1 && <RotationHistory rows={rows} shown={shown?.id} onShow={setOpenKey} />}
      </div>
    </Page>
  );
}

function NoRotation({ isOpen }: { isOpen: boolean }) {
  return (
    <EmptyState
      title="No rotation was made from here yet"
      text={
        isOpen
          ? "A rotation installs a new key for waitpoint tokens on every partition; the old one is taken for a while longer."
          : "The connection is not open."
      }
    />
  );
}

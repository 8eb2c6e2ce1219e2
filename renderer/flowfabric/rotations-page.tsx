import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useSearchParams } from "react-router";
import type { RotationRow } from "../../shared/flowfabric/rotation-schema.ts";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatQuantity } from "../ui/format.ts";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import classes from "./flowfabric.module.css";
import { KeyUsage } from "./key-usage.tsx";
import { AbandonDialog, RetryDialog } from "./rotation-dialogs.tsx";
import { RotationHistory } from "./rotation-history.tsx";
import { canRetry } from "./rotation-look.ts";
import { RotationPanel } from "./rotation-panel.tsx";
import { ServerNotices } from "./server-notices.tsx";
import { StartDialog } from "./start-dialog.tsx";
import { useRotations } from "./use-rotations.ts";

type Dialog = "start" | "retry" | "abandon";

/** Rotations of the waitpoint secret: the grid of the newest or chosen one, the keys in use, and those before. */
export function RotationsPage() {
  const { isOpen } = useSystem("flowfabric");
  const { rows, phase, failure } = useRotations();
  const [openKey, setOpenKey] = useOpenKey();
  const [dialog, setDialog] = useState<Dialog>();
  const rotate = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLButtonElement>(null);
  const shown = rows.find(({ id }) => id === openKey) ?? rows[0];
  const unfinished = rows.find(({ state }) => state === "running" || state === "unfinished");
  const close = () => setDialog(undefined);
  const canStart = isOpen && unfinished === undefined;
  const wanted = useSearchParams()[0].get("partition");
  useRotationKeys({ start: canStart, retry: isOpen && shown !== undefined && canRetry(shown) }, setDialog);
  return (
    <Page
      title="Rotations"
      counts={phase === "loading" ? undefined : formatQuantity(rows.length, "rotation")}
      scroll
      notices={<ServerNotices />}
      actions={
        <Button
          ref={rotate}
          leftSection={<IconKey size={14} />}
          variant={unfinished ? "default" : "filled"}
          disabled={!canStart}
          title={unfinished ? `The rotation to ${unfinished.keyId} has to end first` : undefined}
          onClick={() => setDialog("start")}
        >
          Rotate…
        </Button>
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
            menu={menu}
            onRetry={() => setDialog("retry")}
            onAbandon={() => setDialog("abandon")}
          />
        )}
        <KeyUsage settledAt={shown?.state === "running" ? undefined : shown?.updatedAt} />
        {rows.length > 1 && <RotationHistory rows={rows} shown={shown?.id} onShow={setOpenKey} />}
      </div>
      {dialog === "start" && <StartDialog returnTo={rotate} onClose={close} />}
      <RowDialogs dialog={dialog} row={shown} returnTo={menu} onClose={close} />
    </Page>
  );
}

/** The keys of what can be done at present. */
function useRotationKeys(may: { start: boolean; retry: boolean }, open: (dialog: Dialog) => void): void {
  const group = "Rotations";
  const start = { id: "rotation-start", label: "Rotate the waitpoint secret", keys: "n" };
  const retry = { id: "rotation-retry", label: "Retry the rotation with the same key", keys: "r" };
  useShortcuts([
    ...(may.start ? [{ ...start, group, run: () => open("start") }] : []),
    ...(may.retry ? [{ ...retry, group, run: () => open("retry") }] : []),
  ]);
}

function RowDialogs(props: {
  dialog: Dialog | undefined;
  row: RotationRow | undefined;
  returnTo: React.RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}) {
  const { dialog, row, ...rest } = props;
  if (!row) return null;
  return (
    <>
      {dialog === "retry" && <RetryDialog row={row} {...rest} />}
      {dialog === "abandon" && <AbandonDialog row={row} {...rest} />}
    </>
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

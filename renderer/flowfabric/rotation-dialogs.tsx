import type { RefObject } from "react";
import { isConverged, type RotationRow } from "../../shared/flowfabric/rotation-schema.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { CopyCurlMenu } from "../command/copy-curl-menu.tsx";
import { useSystem } from "../state/selection.ts";
import { Notice } from "../ui/notice.tsx";
import classes from "./flowfabric.module.css";
import { retryLabel } from "./rotation-look.ts";

export interface RotationDialogProps {
  row: RotationRow;
  returnTo?: RefObject<HTMLElement | null> | undefined;
  onClose: () => void;
}

/** Sends the same pair again. */
export function RetryDialog({ row, returnTo, onClose }: RotationDialogProps) {
  const { connectionId, place } = useSystem("flowfabric");
  const open = row.partitions.filter(({ state }) => !isConverged(state));
  const hopeless = open.filter(({ failure }) => failure && !failure.retry);
  const inputs = [{ connectionId, rotationId: row.id }];
  return (
    <CommandDialog
      title={`Retry the rotation to ${row.keyId}`}
      name="flowfabric.rotations.retry"
      place={place}
      inputs={inputs}
      itemLabel={() => row.keyId}
      itemHeading="Key"
      actionLabel={retryLabel(row)}
      copyAs={<CopyCurlMenu name="flowfabric.rotations.retry" what="Retry the rotation" inputs={inputs} />}
      returnTo={returnTo}
      onClose={onClose}
    >
      <div className={classes.stack}>
        <p className={classes.text}>
          The console kept the secret and sends the very same pair. Partitions that have it already answer so,
          and keep their grace; those that get it now begin theirs now.
        </p>
        {row.way === "direct" && (
          <p className={classes.text}>
            Only these are asked:{" "}
            {open
              .slice(0, 40)
              .map(({ partition }) => partition)
              .join(", ")}
            {open.length > 40 && ` and ${open.length - 40} more`}. Before, every partition is read: if
            somebody else has rotated since, nothing is sent.
          </p>
        )}
        {hopeless.length > 0 && (
          <Notice slim tone="warn" shape="bang" title={`${hopeless.length} will fail again`}>
            They know this key id with another secret. Abandon this rotation and take a fresh key.
          </Notice>
        )}
      </div>
    </CommandDialog>
  );
}

/** Gives a rotation up and destroys its secret. */
export function AbandonDialog({ row, returnTo, onClose }: RotationDialogProps) {
  const { connectionId, place } = useSystem("flowfabric");
  const have = row.partitions.filter(({ state }) => isConverged(state)).length;
  const inputs = [{ connectionId, rotationId: row.id }];
  return (
    <CommandDialog
      title={`Abandon the rotation to ${row.keyId}`}
      name="flowfabric.rotations.abandon"
      place={place}
      inputs={inputs}
      itemLabel={() => row.keyId}
      itemHeading="Key"
      actionLabel="Abandon and destroy the secret"
      destructive
      copyAs={
        <CopyCurlMenu name="flowfabric.rotations.abandon" what="Abandon the rotation" inputs={inputs} />
      }
      returnTo={returnTo}
      onClose={onClose}
    >
      <p className={classes.text}>
        Nothing is sent. {have} of {row.partitions.length} partitions keep the new key, the others the old
        one, until a fresh key is rotated in everywhere. The secret is destroyed: this pair can never be sent
        again.
      </p>
    </CommandDialog>
  );
}

import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { HostRow } from "../../../shared/lattice/schema.ts";
import { useOperation } from "../../client/query.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { FailureNotice } from "../../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../../ui/loading-skeleton.tsx";
import { CopyInputs } from "../commands/copy-inputs.tsx";
import { stopHostCommands } from "../copy-workloads.ts";
import { parseDeadline } from "./deadline.ts";
import { HostStopPreview } from "./host-stop-preview.tsx";

interface StopHostDialogProps {
  host: HostRow;
  onClose: () => void;
}

/** Shuts a host down: what runs there, what of it runs nowhere else, how long it may take. */
export function StopHostDialog({ host, onClose }: StopHostDialogProps) {
  const { connectionId, lattice, profile } = useSelection();
  const [text, setText] = useState("");
  const [sent, setSent] = useState(false);
  const place = { connectionId, lattice, hostId: host.id };
  const preview = useOperation("lattice.hosts.preview-stop", place, { enabled: !sent });
  const deadline = parseDeadline(text);
  const name = host.friendlyName || host.id;
  const inputs = deadline.ok
    ? [{ ...place, ...(deadline.ms !== undefined && { timeoutMs: deadline.ms }) }]
    : undefined;
  return (
    <CommandDialog
      title={`Stop host ${name}`}
      name="lattice.hosts.stop"
      place={placeOf(profile)}
      inputs={inputs}
      itemHeading="Host"
      itemLabel={() => name}
      actionLabel={`Stop host ${name}`}
      copyAs={<CopyInputs what={`Stop host ${name}`} inputs={inputs} commands={stopHostCommands} />}
      destructive
      disabled={preview.isFetching}
      onSend={() => setSent(true)}
      onClose={onClose}
    >
      <TextInput
        label="Shutdown timeout (s)"
        description="Default 10. After it the host exits without a “stopped” event."
        inputMode="decimal"
        autoComplete="off"
        placeholder="10"
        value={text}
        error={deadline.ok ? undefined : deadline.message}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {preview.isPending && <LoadingSkeleton rows={4} />}
      {preview.error && (
        <FailureNotice
          what="What runs there could not be read; it can be stopped all the same"
          failure={preview.error.toData()}
          onRetry={() => void preview.refetch()}
        />
      )}
      {preview.data && <HostStopPreview preview={preview.data} />}
    </CommandDialog>
  );
}

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
import { HostStopPreview } from "./host-stop-preview.tsx";

type ParsedDeadline = { ok: true; ms?: number } | { ok: false; message: string };

const mostSeconds = 600;

/** Reads seconds as typed into milliseconds, which hosts want (wasmcloud-control §2.10, trap 20); empty is no deadline. */
export function parseDeadline(text: string): ParsedDeadline {
  const plain = text.trim();
  if (plain === "") return { ok: true };
  const seconds = Number(plain);
  if (!/^\d+(?:\.\d+)?$/.test(plain) || !Number.isFinite(seconds))
    return { ok: false, message: "A number of seconds, or nothing." };
  const ms = Math.round(seconds * 1_000);
  if (ms < 1) return { ok: false, message: "0 is a deadline in the past: the host would not end in order." };
  if (seconds > mostSeconds) return { ok: false, message: `At most ${mostSeconds} seconds.` };
  return { ok: true, ms };
}

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

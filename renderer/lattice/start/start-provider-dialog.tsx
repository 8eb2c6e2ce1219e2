import { memo } from "react";
import type { HostRow } from "../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../shared/lattice/version.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { formatQuantity } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { CopyInputs } from "../commands/copy-inputs.tsx";
import { startProviderCommands } from "../copy-workloads.ts";
import { useMissingConfigs } from "./config-names.tsx";
import { HostChoice } from "./host-choice.tsx";
import { isBuiltin } from "./host-remarks.ts";
import classes from "./start.module.css";
import { StartFields } from "./start-fields.tsx";
import { providerStart } from "./start-values.ts";
import { type StartFrom, startLabel, useStart } from "./use-start.ts";

/** Starts a provider on hosts where it does not run yet. */
export const StartProviderDialog = memo(function StartProviderDialog({
  onClose,
  ...from
}: Omit<StartFrom, "like"> & { onClose: () => void }) {
  const { profile } = useSelection();
  const start = useStart("provider", from);
  const { form, values, targets } = start;
  const missing = useMissingConfigs(values.config);
  const names = new Map(start.hosts.map((host) => [host.id, host.friendlyName]));
  const builtin = isBuiltin(values.imageReference);
  const label = startLabel("provider", values, targets);
  const inputs = start.complete ? targets.map(({ id }) => providerStart(values, start.place, id)) : undefined;
  return (
    <CommandDialog
      title="Start a provider"
      name="lattice.providers.start"
      place={placeOf(profile)}
      inputs={inputs}
      itemHeading="Host"
      itemLabel={({ hostId }) => names.get(hostId) ?? hostId}
      actionLabel={label}
      copyAs={<CopyInputs what={label} inputs={inputs} commands={startProviderCommands} />}
      receiptNote={builtin && <BuiltinNote targets={targets} />}
      onClose={onClose}
    >
      <StartFields kind="provider" form={form} images={start.images} />
      <HostChoice
        hosts={start.hosts}
        chosen={start.chosen}
        onChange={start.setChosen}
        remark={start.remark}
      />
      <div className={classes.warnings}>
        {builtin && <BuiltinNote targets={targets} />}
        {missing.length > 0 && (
          <Notice
            slim
            tone="warn"
            shape="bang"
            title={`There is no config ${missing.join(", ")} in this lattice: the start would fail.`}
          />
        )}
      </div>
    </CommandDialog>
  );
});

/** What hosts do with a provider of their own (wasmcloud-control §2.8, §4.11, trap 22). */
function BuiltinNote({ targets }: { targets: readonly HostRow[] }) {
  const silent = targets.filter(({ version }) => isAtLeast(version, "1.8.0") !== false).length;
  return (
    <Notice slim tone="warn" shape="question" title="A builtin provider is part of the host">
      It starts only where the host's own settings switch it on. Where they do not, hosts from 1.8.0 on never
      answer
      {silent > 0 && ` (${formatQuantity(silent, "chosen host")})`}: the outcome is unknown until it is
      reconciled. Hosts never check its health, so that stays unknown too.
    </Notice>
  );
}

import { memo } from "react";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { Notice } from "../../ui/notice.tsx";
import { CopyInputs } from "../commands/copy-inputs.tsx";
import { startComponentCommands } from "../copy-workloads.ts";
import { useMissingConfigs } from "./config-names.tsx";
import { HostChoice } from "./host-choice.tsx";
import classes from "./start.module.css";
import { StartFields } from "./start-fields.tsx";
import { componentStart } from "./start-values.ts";
import { type StartFrom, startLabel, useStart } from "./use-start.ts";

/** Starts a component on hosts where it does not run yet. */
export const StartComponentDialog = memo(function StartComponentDialog({
  onClose,
  ...from
}: StartFrom & { onClose: () => void }) {
  const { profile } = useSelection();
  const start = useStart("component", from);
  const { form, values, targets } = start;
  const missing = useMissingConfigs(values.config);
  const names = new Map(start.hosts.map((host) => [host.id, host.friendlyName]));
  const label = startLabel("component", values, targets);
  const inputs = start.complete
    ? targets.map(({ id }) => componentStart(values, start.place, id))
    : undefined;
  return (
    <CommandDialog
      title={from.like ? `Start ${from.like.id} on more hosts` : "Start a component"}
      name="lattice.components.start"
      place={placeOf(profile)}
      inputs={inputs}
      itemHeading="Host"
      itemLabel={({ hostId }) => names.get(hostId) ?? hostId}
      actionLabel={label}
      copyAs={<CopyInputs what={label} inputs={inputs} commands={startComponentCommands} />}
      onClose={onClose}
    >
      <StartFields kind="component" form={form} images={start.images} />
      <HostChoice
        hosts={start.hosts}
        chosen={start.chosen}
        onChange={start.setChosen}
        remark={start.remark}
      />
      <div className={classes.warnings}>
        {from.like && (
          <Notice
            slim
            tone="warn"
            shape="bang"
            title="Which configs it uses elsewhere cannot be read from a host: name them to give it the same."
          />
        )}
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

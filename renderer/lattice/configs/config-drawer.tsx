import { useCallback } from "react";
import type { Activity } from "../../../shared/contract/index.ts";
import { isSecretName } from "../../../shared/lattice/inputs.ts";
import { useOperation } from "../../client/query.ts";
import { ActionButtons } from "../../command/action-buttons.tsx";
import { curlOf } from "../../command/curl-commands.ts";
import { EntityActivities } from "../../command/entity-activities.tsx";
import type { CopiedCommands } from "../../command/wire-commands.ts";
import { useSelection } from "../../state/selection.ts";
import { Drawer, DrawerSection } from "../../ui/drawer.tsx";
import { FailureNotice } from "../../ui/failure-notice.tsx";
import { formatQuantity } from "../../ui/format.ts";
import { JsonView } from "../../ui/json-view.tsx";
import { LoadingSkeleton } from "../../ui/loading-skeleton.tsx";
import { type CommandPlace, wireCommands } from "../copy-as.ts";
import { CopyAsMenu } from "../copy-as-menu.tsx";
import { EntityEvents, eventsOf } from "../entity-events.tsx";
import { configActions } from "./config-actions.tsx";
import { ConfigUsageList } from "./config-usage.tsx";
import { ConfigValues } from "./config-values.tsx";

type Values = Readonly<Record<string, string>>;

interface ConfigDrawerProps {
  name: string;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** Everything known of one config: what is in it, who uses it, what happened to it. */
export function ConfigDrawer({ name, onClose, onStep }: ConfigDrawerProps) {
  const { connectionId, lattice } = useSelection();
  const read = useOperation("lattice.configs.get", { connectionId, lattice, name });
  const missing = read.error?.code === "not_found";
  const values = missing ? undefined : read.data?.values;
  const concerns = useCallback(
    ({ target }: Activity) => target?.kind === "config" && target.id === name,
    [name],
  );
  return (
    <Drawer
      title={name}
      subtitle={subtitleOf(name, values)}
      onClose={onClose}
      onStep={onStep}
      actions={
        <>
          <ActionButtons group="Config" actions={configActions} things={[{ name, values, missing }]} />
          {values && (
            <CopyAsMenu
              what="Put it as it is now"
              commands={(place) => putConfigCommands(place, { name, values })}
            />
          )}
        </>
      }
    >
      <ConfigValues name={name} read={read} values={values} missing={missing} />
      <UsageSection name={name} />
      <EntityEvents filter={eventsOf({ kind: "config", id: name })} />
      <EntityActivities concerns={concerns} />
      {values && (
        <DrawerSection title="JSON">
          <JsonView value={values} label="Config" />
        </DrawerSection>
      )}
    </Drawer>
  );
}

function subtitleOf(name: string, values: Values | undefined): string {
  const kind = isSecretName(name) ? "secret reference" : "config";
  return values ? `${kind} · ${formatQuantity(Object.keys(values).length, "key")}` : kind;
}

function UsageSection({ name }: { name: string }) {
  const { connectionId, lattice } = useSelection();
  const usage = useOperation("lattice.configs.usage", { connectionId, lattice, name });
  return (
    <DrawerSection title="Who uses it">
      {usage.isPending && <LoadingSkeleton rows={2} />}
      {usage.error && <FailureNotice slim what="Not known" failure={usage.error.toData()} />}
      {usage.data && <ConfigUsageList usage={usage.data} />}
    </DrawerSection>
  );
}

interface ShownConfig {
  name: string;
  /** Those of secret references masked, so that the commands say where to fill them in. */
  values: Readonly<Record<string, string>>;
}

/** Stores a config as it is shown (wasmcloud-control §2.16). */
export function putConfigCommands(place: CommandPlace, { name, values }: ShownConfig): CopiedCommands {
  const { connectionId, lattice } = place;
  return {
    ...wireCommands(place, `config.put.${name}`, values),
    curl: [curlOf("lattice.configs.put", { connectionId, lattice, name, values: { ...values } })],
  };
}

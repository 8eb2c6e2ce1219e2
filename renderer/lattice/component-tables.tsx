import { Button } from "@mantine/core";
import type { FailureData } from "../../shared/contract/index.ts";
import type { ComponentRow } from "../../shared/lattice/schema.ts";
import { workloadKey } from "../../shared/lattice/topics.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import type { TablePhase } from "../ui/data-table/table-states.tsx";
import type { ComponentCommand } from "./commands/component-commands.tsx";
import { componentColumns } from "./component-columns.tsx";
import type { ComponentGroup } from "./component-groups.ts";
import { placementColumns } from "./placement-columns.tsx";

interface ComponentTableProps<Row> {
  rows: readonly Row[];
  phase: TablePhase;
  failure: FailureData | undefined;
  openKey: string | undefined;
  onOpen: (key: string) => void;
  onStepper: (step: (by: -1 | 1) => void) => void;
  onCommand: (command: ComponentCommand) => void;
}

const empty = {
  title: "No component runs in this lattice",
  text: "A component appears here as soon as a host reports one, whoever started it.",
};
const groupKey = (group: ComponentGroup) => group.id;

/** One row a component id, over all its hosts. */
export function GroupTable({ onOpen, onCommand, ...table }: ComponentTableProps<ComponentGroup>) {
  return (
    <DataTable
      {...table}
      id="components"
      rowKey={groupKey}
      columns={componentColumns}
      empty={empty}
      onOpen={(group) => onOpen(group.id)}
      selectable
      bulkActions={(groups) => (
        <SelectedActions rows={groups.flatMap((group) => group.rows)} onCommand={onCommand} />
      )}
    />
  );
}

/** One row a component on a host. */
export function PlacementTable({ onOpen, onCommand, ...table }: ComponentTableProps<ComponentRow>) {
  return (
    <DataTable
      {...table}
      id="placements"
      rowKey={workloadKey}
      columns={placementColumns}
      empty={empty}
      onOpen={(row) => onOpen(workloadKey(row))}
      selectable
      bulkActions={(rows) => <SelectedActions rows={rows} onCommand={onCommand} />}
    />
  );
}

/** A scale or an update concerns one component: its number or image means nothing for another one. */
function SelectedActions({
  rows,
  onCommand,
}: {
  rows: readonly ComponentRow[];
  onCommand: (command: ComponentCommand) => void;
}) {
  const first = rows[0];
  const one = first !== undefined && rows.every((row) => row.id === first.id);
  const why = (what: string) =>
    one ? undefined : `Choose rows of one component; ${what} concerns one at a time.`;
  return (
    <>
      <Button
        size="compact-xs"
        disabled={!one}
        title={why("a scale")}
        onClick={() => onCommand({ kind: "scale", rows })}
      >
        Scale…
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        disabled={!one}
        title={why("an update")}
        onClick={() => onCommand({ kind: "update", rows })}
      >
        Update…
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => onCommand({ kind: "stop", rows })}>
        Stop…
      </Button>
    </>
  );
}

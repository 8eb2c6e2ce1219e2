import type { FailureData } from "../../shared/contract/index.ts";
import type { ComponentRow } from "../../shared/lattice/schema.ts";
import { workloadKey } from "../../shared/lattice/topics.ts";
import { BulkActions } from "../command/action-buttons.tsx";
import { DataTable } from "../ui/data-table/data-table.tsx";
import type { TablePhase } from "../ui/data-table/table-states.tsx";
import { placementActions } from "./component-actions.tsx";
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
}

const empty = {
  title: "No component runs in this lattice",
  text: "A component appears here as soon as a host reports one, whoever started it.",
};
const groupKey = (group: ComponentGroup) => group.id;

/** One row a component id, over all its hosts. */
export function GroupTable({ onOpen, ...table }: ComponentTableProps<ComponentGroup>) {
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
        <BulkActions actions={placementActions} things={groups.flatMap((group) => group.rows)} />
      )}
    />
  );
}

/** One row a component on a host. */
export function PlacementTable({ onOpen, ...table }: ComponentTableProps<ComponentRow>) {
  return (
    <DataTable
      {...table}
      id="placements"
      rowKey={workloadKey}
      columns={placementColumns}
      empty={empty}
      onOpen={(row) => onOpen(workloadKey(row))}
      selectable
      bulkActions={(rows) => <BulkActions actions={placementActions} things={rows} />}
    />
  );
}

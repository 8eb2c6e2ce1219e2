import { SegmentedControl } from "@mantine/core";
import { useRef, useState } from "react";
import { useSearchParams } from "react-router";
import type { FailureData } from "../../shared/contract/index.ts";
import type { ComponentRow, HostRow } from "../../shared/lattice/schema.ts";
import { workloadKey } from "../../shared/lattice/topics.ts";
import { ActionButtons, BulkActions } from "../command/action-buttons.tsx";
import { useSelection } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import type { DataColumn } from "../ui/data-table/column.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import type { TablePhase } from "../ui/data-table/table-states.tsx";
import { formatCount } from "../ui/format.ts";
import { Page } from "../ui/page.tsx";
import { placementActions, startComponent } from "./component-actions.tsx";
import { componentColumns } from "./component-columns.tsx";
import { ComponentDrawer } from "./component-drawer.tsx";
import { type ComponentGroup, groupComponents, maxText, noGroups, unbounded } from "./component-groups.ts";
import { LatticeNotices } from "./lattice-notices.tsx";
import { useLatticeTopic } from "./use-lattice-topic.ts";
import * as workload from "./workload-columns.tsx";

/** The columns of the components page with one row a component on a host; their ids are the names in the filter. */
const placementColumns: readonly DataColumn<ComponentRow>[] = [
  workload.nameColumn,
  workload.hostColumn,
  workload.imageColumn,
  {
    id: "max",
    header: "Max",
    width: 100,
    align: "end",
    value: (row) => (row.maxInstances >= unbounded ? "unbounded" : row.maxInstances),
    sortValue: (row) => row.maxInstances,
    render: (row) => maxText(row.maxInstances),
  },
  workload.annotationsColumn,
  workload.managedColumn,
  workload.changedColumn,
  workload.hostIdColumn,
  { id: "limits", header: "Limits", hidden: true, width: 200, value: (row) => row.limits },
  workload.failureColumn,
];

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
function GroupTable({ onOpen, ...table }: ComponentTableProps<ComponentGroup>) {
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
function PlacementTable({ onOpen, ...table }: ComponentTableProps<ComponentRow>) {
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

const pageActions = [startComponent];
const noHosts: readonly HostRow[] = [];

/** All components of the selected lattice, live: one row an id, or one row for each host. */
export function ComponentsPage() {
  const { connectionId, lattice } = useSelection();
  const components = useLatticeTopic("lattice.components");
  const groups = useGroups(components.rows);
  const [address, setOpenKey] = useOpenKey();
  const [byHost, setByHost] = useByHost();
  // Elsewhere a component is named with its host, `host/id`; the drawer shows it over all its hosts.
  const id = address?.split("/").at(-1);
  const open = id === undefined ? undefined : groups.byId.get(id);
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const table = {
    phase: components.table,
    failure: components.failure,
    openKey: byHost ? address : id,
    onOpen: setOpenKey,
    onStepper: (next: (by: -1 | 1) => void) => setStep(() => next),
  };
  const key = `${connectionId}/${lattice}`;
  return (
    <Page
      title="Components"
      counts={<ComponentCounts groups={groups.list} />}
      notices={<LatticeNotices />}
      actions={
        <>
          <ViewSwitch byHost={byHost} onChange={setByHost} />
          <ActionButtons group="Components" actions={pageActions} things={noHosts} />
        </>
      }
      drawer={
        open && (
          <ComponentDrawer key={open.id} group={open} onClose={() => setOpenKey(undefined)} onStep={step} />
        )
      }
    >
      {byHost ? (
        <PlacementTable key={key} rows={components.rows} {...table} />
      ) : (
        <GroupTable key={key} rows={groups.list} {...table} />
      )}
    </Page>
  );
}

function ViewSwitch({ byHost, onChange }: { byHost: boolean; onChange: (byHost: boolean) => void }) {
  return (
    <SegmentedControl
      aria-label="One row for each"
      data={[
        { label: "By component", value: "component" },
        { label: "By host", value: "host" },
      ]}
      value={byHost ? "host" : "component"}
      onChange={(value) => onChange(value === "host")}
    />
  );
}

function useByHost() {
  const [parameters, setParameters] = useSearchParams();
  const set = (byHost: boolean) =>
    setParameters((now) => {
      const next = new URLSearchParams(now);
      if (byHost) next.set("by", "host");
      else next.delete("by");
      return next;
    });
  return [parameters.get("by") === "host", set] as const;
}

function useGroups(rows: readonly ComponentRow[]) {
  const last = useRef(noGroups);
  last.current = groupComponents(last.current, rows);
  return last.current;
}

function ComponentCounts({ groups }: { groups: readonly ComponentGroup[] }) {
  const instances = groups.reduce((sum, group) => sum + group.total, 0);
  const unbounded = groups.filter((group) => group.unboundedHosts > 0).length;
  const drifting = groups.filter((group) => group.drift.length > 0).length;
  const parts = [
    `${formatCount(groups.length)} ids`,
    `${formatCount(instances)} instances`,
    ...(unbounded > 0 ? [`${formatCount(unbounded)} unbounded`] : []),
    ...(drifting > 0 ? [`${formatCount(drifting)} with drift`] : []),
  ];
  return <>{parts.join(" · ")}</>;
}

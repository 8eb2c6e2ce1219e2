import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import type { ComponentRow } from "../../shared/lattice/schema.ts";
import { useSelection } from "../state/selection.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { formatCount } from "../ui/format.ts";
import { Page } from "../ui/page.tsx";
import { componentColumns } from "./component-columns.tsx";
import { ComponentDrawer } from "./component-drawer.tsx";
import { type ComponentGroup, groupComponents, noGroups } from "./component-groups.ts";
import { LatticeNotices } from "./lattice-notices.tsx";
import { ScaleDialog } from "./scale/scale-dialog.tsx";
import { useLatticeTopic } from "./use-lattice-topic.ts";
import { useOpenKey } from "./use-open-key.ts";

const keyOf = (group: ComponentGroup) => group.id;

/** All components of the selected lattice, one row an id, live. */
export function ComponentsPage() {
  const { connectionId, lattice } = useSelection();
  const components = useLatticeTopic("lattice.components");
  const groups = useGroups(components.rows);
  const [address, setOpenKey] = useOpenKey();
  // Elsewhere a component is named with its host, `host/id`; here it is opened over all its hosts.
  const openKey = address?.split("/").at(-1);
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const [scaling, setScaling] = useState<readonly ComponentRow[]>();
  const open = openKey === undefined ? undefined : groups.byId.get(openKey);
  return (
    <Page
      title="Components"
      counts={<ComponentCounts groups={groups.list} />}
      notices={<LatticeNotices />}
      drawer={
        open && (
          <ComponentDrawer
            key={open.id}
            group={open}
            onClose={() => setOpenKey(undefined)}
            onStep={step}
            onScale={setScaling}
          />
        )
      }
    >
      <DataTable
        key={`${connectionId}/${lattice}`}
        id="components"
        rows={groups.list}
        rowKey={keyOf}
        columns={componentColumns}
        phase={components.table}
        failure={components.failure}
        empty={{
          title: "No component runs in this lattice",
          text: "A component appears here as soon as a host reports one, whoever started it.",
        }}
        onOpen={(group) => setOpenKey(group.id)}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
        selectable
        bulkActions={(rows) => <ScaleSelected groups={rows} onScale={setScaling} />}
      />
      {scaling && <ScaleDialog rows={scaling} onClose={() => setScaling(undefined)} />}
    </Page>
  );
}

/** A scale concerns one component: its number means nothing for another one. */
function ScaleSelected(props: {
  groups: readonly ComponentGroup[];
  onScale: (rows: readonly ComponentRow[]) => void;
}) {
  const [only, ...others] = props.groups;
  return (
    <Button
      size="compact-xs"
      disabled={!only || others.length > 0}
      title={others.length > 0 ? "Choose one component; a scale concerns one at a time." : undefined}
      onClick={() => only && props.onScale(only.rows)}
    >
      Scale…
    </Button>
  );
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

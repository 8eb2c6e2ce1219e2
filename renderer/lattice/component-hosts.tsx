import { Checkbox } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import type { ComponentRow } from "../../shared/lattice/schema.ts";
import { BulkActions, LineActions } from "../command/action-buttons.tsx";
import { pathTo } from "../state/paths.ts";
import { useSelection } from "../state/selection.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { formatCount } from "../ui/format.ts";
import { placementActions } from "./component-actions.tsx";
import { type ComponentGroup, maxText } from "./component-groups.ts";
import classes from "./lattice.module.css";
import { imageTail, WadmMark } from "./marks.tsx";

const most = 200;

/** Where a component runs, host by host; what can be done on some or one of them. */
export function ComponentHosts({ group }: { group: ComponentGroup }) {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const chosen = group.rows.filter((row) => marked.has(row.hostId));
  const toggle = (hostId: string) => {
    const next = new Set(marked);
    if (!next.delete(hostId)) next.add(hostId);
    setMarked(next);
  };
  return (
    <DrawerSection
      title="Where"
      actions={
        chosen.length > 0 && (
          <span className={classes.buttons}>
            <BulkActions actions={placementActions} things={chosen} />
          </span>
        )
      }
    >
      <div className={classes.scrollList}>
        <table className={classes.list}>
          <thead>
            <tr>
              <th>
                <Checkbox
                  aria-label="Select all hosts"
                  checked={chosen.length === group.rows.length}
                  indeterminate={chosen.length > 0 && chosen.length < group.rows.length}
                  onChange={() =>
                    setMarked(
                      new Set(chosen.length === group.rows.length ? [] : group.rows.map((row) => row.hostId)),
                    )
                  }
                />
              </th>
              <th>Host</th>
              <th>Image</th>
              <th data-align="end">Max</th>
              <th>
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {group.rows.slice(0, most).map((row) => (
              <HostLine
                key={row.hostId}
                row={row}
                marked={marked.has(row.hostId)}
                onToggle={() => toggle(row.hostId)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {group.rows.length > most && (
        <span className={classes.hint}>and {formatCount(group.rows.length - most)} more hosts.</span>
      )}
    </DrawerSection>
  );
}

interface HostLineProps {
  row: ComponentRow;
  marked: boolean;
  onToggle: () => void;
}

function HostLine({ row, marked, onToggle }: HostLineProps) {
  const { connectionId, lattice } = useSelection();
  const to = `${pathTo("hosts", { connectionId, lattice })}?open=${encodeURIComponent(row.hostId)}`;
  return (
    <tr>
      <td>
        <Checkbox aria-label={`Select ${row.hostName}`} checked={marked} onChange={onToggle} />
      </td>
      <td>
        <Link className={classes.link} to={to}>
          {row.hostName}
        </Link>{" "}
        {row.managedByWadm && <WadmMark />}
      </td>
      <td className="mono" title={row.imageReference}>
        {imageTail(row.imageReference)}
      </td>
      <td data-align="end">{maxText(row.maxInstances)}</td>
      <td data-align="end">
        <LineActions what={`on ${row.hostName}`} actions={placementActions} things={[row]} />
      </td>
    </tr>
  );
}

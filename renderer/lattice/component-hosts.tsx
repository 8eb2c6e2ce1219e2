import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import type { ComponentRow } from "../../shared/lattice/schema.ts";
import { pathTo } from "../state/paths.ts";
import { useSelection } from "../state/selection.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { formatCount, formatQuantity } from "../ui/format.ts";
import type { ComponentCommand } from "./commands/component-commands.tsx";
import { ComponentLineActions, type ComponentLineCommand } from "./commands/component-line-actions.tsx";
import { type ComponentGroup, maxText } from "./component-groups.ts";
import classes from "./lattice.module.css";
import { imageTail, WadmMark } from "./marks.tsx";

interface ComponentHostsProps {
  group: ComponentGroup;
  onCommand: (command: ComponentCommand) => void;
}

const most = 200;

/** Where a component runs, host by host; what can be done on some or one of them. */
export function ComponentHosts({ group, onCommand }: ComponentHostsProps) {
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
            <Button
              size="compact-xs"
              variant="light"
              onClick={() => onCommand({ kind: "scale", rows: chosen })}
            >
              Scale on {formatQuantity(chosen.length, "host")}…
            </Button>
            <Button
              size="compact-xs"
              variant="light"
              onClick={() => onCommand({ kind: "update", rows: chosen })}
            >
              Update…
            </Button>
            <Button
              size="compact-xs"
              variant="light"
              color="red"
              onClick={() => onCommand({ kind: "stop", rows: chosen })}
            >
              Stop…
            </Button>
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
                onCommand={(kind) => onCommand({ kind, rows: [row] })}
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
  onCommand: (kind: ComponentLineCommand) => void;
}

function HostLine({ row, marked, onToggle, onCommand }: HostLineProps) {
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
        <ComponentLineActions what={`on ${row.hostName}`} onCommand={onCommand} />
      </td>
    </tr>
  );
}

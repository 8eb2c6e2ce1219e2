import { Button } from "@mantine/core";
import { type ReactNode, useMemo } from "react";
import { Link } from "react-router";
import type { ComponentRow, ProviderRow } from "../../shared/lattice/schema.ts";
import { useTopic } from "../client/use-topic.ts";
import { pathTo } from "../state/paths.ts";
import { useSelection } from "../state/selection.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { formatCount } from "../ui/format.ts";
import type { ComponentCommand } from "./commands/component-commands.tsx";
import { ComponentLineActions, type ComponentLineCommand } from "./commands/component-line-actions.tsx";
import type { ProviderCommand } from "./commands/provider-commands.tsx";
import { maxText } from "./component-groups.ts";
import classes from "./lattice.module.css";
import { HealthBadge, imageTail, WadmMark } from "./marks.tsx";

const most = 100;

interface HostInventoryProps {
  hostId: string;
  onComponent: (command: ComponentCommand) => void;
  onProvider: (command: ProviderCommand) => void;
}

/** What runs on one host: its components and providers, with what can be done with each. */
export function HostInventory({ hostId, onComponent, onProvider }: HostInventoryProps) {
  const { connectionId, lattice } = useSelection();
  const components = useRowsOf(useTopic("lattice.components", { connectionId, lattice }).rows, hostId);
  const providers = useRowsOf(useTopic("lattice.providers", { connectionId, lattice }).rows, hostId);
  return (
    <>
      <DrawerSection title={`Components (${formatCount(components.length)})`}>
        {components.length > 0 && (
          <List head={["Id", "Image", "Max", ""]}>
            {components.slice(0, most).map((row) => (
              <ComponentLine
                key={row.id}
                row={row}
                onCommand={(kind) => onComponent({ kind, rows: [row] })}
              />
            ))}
          </List>
        )}
        <Rest count={components.length} />
      </DrawerSection>
      <DrawerSection title={`Providers (${formatCount(providers.length)})`}>
        {providers.length > 0 && (
          <List head={["Id", "Image", "Health", ""]}>
            {providers.slice(0, most).map((row) => (
              <ProviderLine key={row.id} row={row} onStop={() => onProvider({ kind: "stop", rows: [row] })} />
            ))}
          </List>
        )}
        <Rest count={providers.length} />
      </DrawerSection>
    </>
  );
}

function useRowsOf<Row extends { hostId: string; id: string }>(rows: readonly Row[], hostId: string): Row[] {
  return useMemo(
    () => rows.filter((row) => row.hostId === hostId).sort((a, b) => (a.id < b.id ? -1 : 1)),
    [rows, hostId],
  );
}

function List({ head, children }: { head: readonly string[]; children: ReactNode }) {
  return (
    <div className={classes.scrollList}>
      <table className={classes.list}>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} data-align={name === "Max" ? "end" : undefined}>
                {name || <span className="visually-hidden">Actions</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

interface ComponentLineProps {
  row: ComponentRow;
  onCommand: (kind: ComponentLineCommand) => void;
}

function ComponentLine({ row, onCommand }: ComponentLineProps) {
  const { connectionId, lattice } = useSelection();
  const to = `${pathTo("components", { connectionId, lattice })}?open=${encodeURIComponent(row.id)}`;
  return (
    <tr>
      <td className="mono">
        <Link className={classes.link} to={to}>
          {row.id}
        </Link>{" "}
        {row.managedByWadm && <WadmMark />}
      </td>
      <td className="mono" title={row.imageReference}>
        {imageTail(row.imageReference)}
      </td>
      <td data-align="end">{maxText(row.maxInstances)}</td>
      <td data-align="end">
        <ComponentLineActions what={row.id} onCommand={onCommand} />
      </td>
    </tr>
  );
}

function ProviderLine({ row, onStop }: { row: ProviderRow; onStop: () => void }) {
  return (
    <tr>
      <td className="mono">
        {row.id} {row.managedByWadm && <WadmMark />}
      </td>
      <td className="mono" title={row.imageReference}>
        {row.imageReference ? imageTail(row.imageReference) : ""}
      </td>
      <td>
        <HealthBadge health={row.health} />
      </td>
      <td data-align="end">
        <Button size="compact-xs" variant="subtle" aria-label={`Stop provider ${row.id}`} onClick={onStop}>
          Stop
        </Button>
      </td>
    </tr>
  );
}

function Rest({ count }: { count: number }) {
  if (count === 0) return <span className={classes.hint}>None.</span>;
  if (count <= most) return null;
  return (
    <span className={classes.hint}>
      and {formatCount(count - most)} more; filter the list page by this host.
    </span>
  );
}

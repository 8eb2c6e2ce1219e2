import { type ReactNode, useMemo } from "react";
import { Link } from "react-router";
import type { ComponentRow, ProviderRow } from "../../shared/lattice/schema.ts";
import { useTopic } from "../client/use-topic.ts";
import { LineActions } from "../command/action-buttons.tsx";
import { pathTo } from "../state/paths.ts";
import { useSelection } from "../state/selection.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { formatCount } from "../ui/format.ts";
import { placementActions } from "./component-actions.tsx";
import { maxText } from "./component-groups.ts";
import classes from "./lattice.module.css";
import { HealthBadge, imageTail, WadmMark } from "./marks.tsx";
import { providerActions } from "./provider-actions.tsx";

const most = 100;

/** What runs on one host: its components and providers, with what can be done with each. */
export function HostInventory({ hostId }: { hostId: string }) {
  const { connectionId, lattice } = useSelection();
  const components = useRowsOf(useTopic("lattice.components", { connectionId, lattice }).rows, hostId);
  const providers = useRowsOf(useTopic("lattice.providers", { connectionId, lattice }).rows, hostId);
  return (
    <>
      <DrawerSection title={`Components (${formatCount(components.length)})`}>
        {components.length > 0 && (
          <List head={["Id", "Image", "Max", ""]}>
            {components.slice(0, most).map((row) => (
              <ComponentLine key={row.id} row={row} />
            ))}
          </List>
        )}
        <Rest count={components.length} />
      </DrawerSection>
      <DrawerSection title={`Providers (${formatCount(providers.length)})`}>
        {providers.length > 0 && (
          <List head={["Id", "Image", "Health", ""]}>
            {providers.slice(0, most).map((row) => (
              <ProviderLine key={row.id} row={row} />
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

function ComponentLine({ row }: { row: ComponentRow }) {
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
        <LineActions what={row.id} actions={placementActions} things={[row]} />
      </td>
    </tr>
  );
}

function ProviderLine({ row }: { row: ProviderRow }) {
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
        <LineActions what={`provider ${row.id}`} actions={providerActions} things={[row]} />
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

import { Link } from "react-router";
import { formatFilter } from "../../shared/contract/filter.ts";
import { type PageName, pathTo } from "../state/paths.ts";
import { useSelection } from "../state/selection.ts";
import classes from "./lattice.module.css";

/** The address of the list where a workload is found by its id; a provider has a row on each host. */
function workloadQuery(kind: "component" | "provider", id: string): string {
  if (kind === "component") return `open=${encodeURIComponent(id)}`;
  const filter = formatFilter([{ kind: "equals", field: "id", values: [id], at: 0, negated: false }]);
  return `providers.filter=${encodeURIComponent(filter)}`;
}

/** A component's or provider's id as the way to it. */
export function WorkloadLink({ kind, id }: { kind: "component" | "provider"; id: string }) {
  return (
    <PageLink page={kind === "component" ? "components" : "providers"} query={workloadQuery(kind, id)}>
      {id}
    </PageLink>
  );
}

/** Config names in their order, each as the way to it. */
export function ConfigLinks({ names }: { names: readonly string[] }) {
  if (names.length === 0) return <span className={classes.faint}>none</span>;
  return (
    <span className={classes.chips}>
      {names.map((name) => (
        <PageLink key={name} page="config" query={`open=${encodeURIComponent(name)}`}>
          {name}
        </PageLink>
      ))}
    </span>
  );
}

/** A name that leads to another page of the selected lattice. */
export function PageLink({ page, query, children }: { page: PageName; query: string; children: string }) {
  const { connectionId, lattice } = useSelection();
  return (
    <Link
      className={`${classes.link} ${classes.inText} mono`}
      to={`${pathTo(page, { connectionId, lattice })}?${query}`}
    >
      {children}
    </Link>
  );
}

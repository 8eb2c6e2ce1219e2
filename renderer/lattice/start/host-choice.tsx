import { Checkbox, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import type { HostRow } from "../../../shared/lattice/schema.ts";
import { formatCount, formatQuantity } from "../../ui/format.ts";
import { Chips } from "../chips.tsx";
import list from "../lattice.module.css";
import type { HostRemark } from "./host-remarks.ts";
import classes from "./start.module.css";

interface HostChoiceProps {
  /** Those that may be chosen, in the order in which they are shown. */
  hosts: readonly HostRow[];
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
  remark: (host: HostRow) => HostRemark | undefined;
}

const most = 100;
const filterFrom = 8;

/** Which hosts something goes to, with what has to be known of each. */
export function HostChoice({ hosts, chosen, onChange, remark }: HostChoiceProps) {
  const [filter, setFilter] = useState("");
  const heading = useId();
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = hosts.filter((host) => words.every((word) => searchText(host).includes(word)));
  const choosable = matching.filter((host) => !remark(host)?.blocks);
  const all = choosable.length > 0 && choosable.every(({ id }) => chosen.has(id));
  const some = choosable.some(({ id }) => chosen.has(id));
  const count = hosts.filter((host) => chosen.has(host.id) && !remark(host)?.blocks).length;
  const toggle = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    onChange(next);
  };
  return (
    <section className={classes.part} aria-labelledby={heading}>
      <div className={classes.hostsHead}>
        <h3 id={heading} className={classes.heading}>
          Hosts · {formatCount(count)} of {formatCount(hosts.length)} chosen
        </h3>
        {hosts.length > filterFrom && (
          <TextInput
            aria-label="Filter hosts"
            placeholder="name, id or label"
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className={classes.hosts} tabIndex={0} aria-label="Hosts to choose from">
        <table className={list.list}>
          <thead>
            <tr>
              <th>
                <Checkbox
                  aria-label="Choose all hosts"
                  checked={all}
                  indeterminate={some && !all}
                  disabled={choosable.length === 0}
                  onChange={() =>
                    toggle(
                      choosable.map(({ id }) => id),
                      !all,
                    )
                  }
                />
              </th>
              <th>Host</th>
              <th>Version</th>
              <th>Labels</th>
              <th>Note</th>
            </tr>
          </thead>
          <tbody>
            {matching.slice(0, most).map((host) => (
              <HostLine
                key={host.id}
                host={host}
                remark={remark(host)}
                chosen={chosen.has(host.id)}
                onToggle={(on) => toggle([host.id], on)}
              />
            ))}
          </tbody>
        </table>
      </section>
      {matching.length > most && (
        <span className={list.hint}>
          and {formatQuantity(matching.length - most, "more host", "more hosts")}: narrow the filter.
        </span>
      )}
    </section>
  );
}

interface HostLineProps {
  host: HostRow;
  remark: HostRemark | undefined;
  chosen: boolean;
  onToggle: (on: boolean) => void;
}

function HostLine({ host, remark, chosen, onToggle }: HostLineProps) {
  const blocked = remark?.blocks === true;
  const name = host.friendlyName || host.id;
  return (
    <tr>
      <td>
        <Checkbox
          aria-label={`Choose ${name}`}
          checked={chosen && !blocked}
          disabled={blocked}
          onChange={(event) => onToggle(event.currentTarget.checked)}
        />
      </td>
      <td>{name}</td>
      <td>{host.version}</td>
      <td>
        <Chips map={host.labels} brief />
      </td>
      <td className={remark ? classes.remark : undefined}>
        {host.status === "stale" ? "stale: it may not answer" : ""}
        {host.status === "stale" && remark ? "; " : ""}
        {remark?.text}
      </td>
    </tr>
  );
}

function searchText({ friendlyName, id, labels }: HostRow): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return `${friendlyName} ${id} ${pairs.join(" ")}`.toLowerCase();
}

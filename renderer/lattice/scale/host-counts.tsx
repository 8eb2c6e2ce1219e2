import { memo } from "react";
import type { ComponentRow } from "../../../shared/lattice/schema.ts";
import { maxText } from "../component-groups.ts";
import { WadmMark } from "../marks.tsx";
import classes from "./scale.module.css";

const most = 500;

/** What each host has now and would be asked for. */
export const HostCounts = memo(function HostCounts({
  rows,
  counts,
}: {
  rows: readonly ComponentRow[];
  counts: readonly number[];
}) {
  return (
    <section className={classes.part}>
      <h3 className={classes.heading}>Hosts</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className={classes.hosts} tabIndex={0} aria-label="Host by host">
        <table className={classes.table}>
          <thead>
            <tr>
              <th>Host</th>
              <th className={classes.numbers}>Now</th>
              <th className={classes.numbers}>After</th>
              <th>
                <span className="visually-hidden">Managed</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map((row, index) => (
              <tr key={row.hostId}>
                <td>{row.hostName}</td>
                <td className={classes.numbers}>{maxText(row.maxInstances)}</td>
                <td className={classes.numbers}>
                  {counts[index] === undefined ? "" : maxText(counts[index])}
                </td>
                <td>{row.managedByWadm && <WadmMark />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
});

import { memo } from "react";
import type { ComponentRow, ScalePreview } from "../../../shared/lattice/schema.ts";
import { maxText } from "../component-groups.ts";
import { WadmMark } from "../marks.tsx";
import type { Previews } from "../use-previews.ts";
import { ConfigOrder } from "./config-order.tsx";
import { configUnknowable } from "./preview-groups.ts";
import { PreviewGroups, PreviewWarnings } from "./preview-list.tsx";
import classes from "./scale.module.css";
import { ScaleForm } from "./scale-form.tsx";
import { parseCount, planWarning, type ScalePlan } from "./scale-plan.ts";

const most = 500;

/** What each host has now and would be asked for. */
const HostCounts = memo(function HostCounts({
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

interface ScalePlannerProps {
  hosts: readonly ComponentRow[];
  plan: ScalePlan;
  counts: readonly number[];
  previews: Previews<ScalePreview>;
  /** Names that the person gave; absent: as known, or none. */
  config: readonly string[] | undefined;
  onPlan: (plan: ScalePlan) => void;
  onConfig: (config: readonly string[] | undefined) => void;
}

/** The number, what it does to each host, and what it would lose. */
export function ScalePlanner(props: ScalePlannerProps) {
  const { hosts, plan, counts, previews, config } = props;
  const asksConfig = config !== undefined || configUnknowable(previews.previews);
  const parsed = parseCount(plan.text);
  const differ =
    hosts.some((row) => row.maxInstances !== hosts[0]?.maxInstances) ||
    counts.some((count) => count !== counts[0]);
  return (
    <>
      <ScaleForm plan={plan} hosts={hosts.length} onChange={props.onPlan} />
      <PreviewWarnings
        previews={previews}
        text={parsed.ok ? planWarning(plan.mode, parsed.count, hosts.length) : undefined}
      />
      {differ && <HostCounts rows={hosts} counts={counts} />}
      {asksConfig && counts.some((count) => count > 0) && (
        <ConfigOrder config={config} onConfig={props.onConfig} />
      )}
      {(parsed.ok || previews.previews.length > 0) && <PreviewGroups previews={previews} of={hosts.length} />}
    </>
  );
}

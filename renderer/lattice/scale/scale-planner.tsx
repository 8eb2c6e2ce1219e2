import type { ComponentRow, ScalePreview } from "../../../shared/lattice/schema.ts";
import type { Previews } from "../use-previews.ts";
import { ConfigOrder } from "./config-order.tsx";
import { HostCounts } from "./host-counts.tsx";
import { configUnknowable } from "./preview-groups.ts";
import { PreviewGroups, PreviewWarnings } from "./preview-list.tsx";
import { ScaleForm } from "./scale-form.tsx";
import { parseCount, planWarning, type ScalePlan } from "./scale-plan.ts";

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

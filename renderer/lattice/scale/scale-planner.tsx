import { TagsInput } from "@mantine/core";
import type { ComponentRow, ScalePreview } from "../../../shared/lattice/schema.ts";
import type { Previews } from "../use-previews.ts";
import { HostCounts } from "./host-counts.tsx";
import { configUnknowable } from "./preview-groups.ts";
import { PreviewGroups, PreviewWarnings } from "./preview-list.tsx";
import classes from "./scale.module.css";
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
        <TagsInput
          className={classes.part}
          label="Names of its configs, in order"
          description="Which configs it uses now cannot be read from a host. Write them here to keep them; later names override earlier ones."
          placeholder={config?.length ? "" : "none: the component loses its configs"}
          value={[...(config ?? [])]}
          onChange={(names) => props.onConfig(names.length > 0 ? names : undefined)}
        />
      )}
      {(parsed.ok || previews.previews.length > 0) && <PreviewGroups previews={previews} of={hosts.length} />}
    </>
  );
}

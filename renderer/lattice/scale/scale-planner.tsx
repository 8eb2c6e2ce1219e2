import { TagsInput } from "@mantine/core";
import { useMemo } from "react";
import type { ComponentRow } from "../../../shared/lattice/schema.ts";
import { formatCount, formatQuantity } from "../../ui/format.ts";
import { LoadingSkeleton } from "../../ui/loading-skeleton.tsx";
import { Notice } from "../../ui/notice.tsx";
import { HostCounts } from "./host-counts.tsx";
import { configUnknowable, groupPreviews } from "./preview-groups.ts";
import { PreviewTable } from "./preview-table.tsx";
import classes from "./scale.module.css";
import { ScaleForm } from "./scale-form.tsx";
import { parseCount, planWarning, type ScalePlan } from "./scale-plan.ts";
import type { Previews } from "./use-previews.ts";

interface ScalePlannerProps {
  hosts: readonly ComponentRow[];
  plan: ScalePlan;
  counts: readonly number[];
  previews: Previews;
  /** Names that the person gave; absent: as known, or none. */
  config: readonly string[] | undefined;
  onPlan: (plan: ScalePlan) => void;
  onConfig: (config: readonly string[] | undefined) => void;
}

const mostGroups = 6;

/** The number, what it does to each host, and what it would lose. */
export function ScalePlanner(props: ScalePlannerProps) {
  const { hosts, plan, counts, previews, config } = props;
  const groups = useMemo(() => groupPreviews(previews.previews), [previews.previews]);
  const asksConfig = config !== undefined || configUnknowable(previews.previews);
  const first = previews.previews.length === 0 && previews.failed.length === 0 && previews.pending;
  const parsed = parseCount(plan.text);
  const differ =
    hosts.some((row) => row.maxInstances !== hosts[0]?.maxInstances) ||
    counts.some((count) => count !== counts[0]);
  return (
    <>
      <ScaleForm plan={plan} hosts={hosts.length} onChange={props.onPlan} />
      <Warnings
        {...props}
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
      {previews.pending && previews.answered > 0 && (
        <p role="status">
          Previewed {formatCount(previews.answered)} of {formatQuantity(hosts.length, "host")}…
        </p>
      )}
      {first && parsed.ok && <LoadingSkeleton rows={3} />}
      <div className={previews.pending ? classes.pending : undefined} aria-busy={previews.pending}>
        {groups.slice(0, mostGroups).map((group) => (
          <PreviewTable key={group.hosts[0]?.id} group={group} of={hosts.length} />
        ))}
        {groups.length > mostGroups && (
          <p>
            {groups.length - mostGroups} more groups of hosts differ in other ways; choose fewer hosts to see
            them.
          </p>
        )}
      </div>
    </>
  );
}

/** What has to be known before the button is pressed, once each. */
function Warnings({ previews, text }: ScalePlannerProps & { text: string | undefined }) {
  const said = [...new Set(previews.previews.flatMap((preview) => preview.warnings))];
  const all = text ? [text, ...said] : said;
  return (
    <div className={classes.warnings}>
      {all.map((warning) => (
        <Notice key={warning} slim tone="warn" shape="bang" title={warning} />
      ))}
      {previews.failed.length > 0 && (
        <Notice
          slim
          tone="bad"
          shape="cross"
          title={`No preview for ${previews.failed.length} of the hosts: ${previews.failed[0]?.failure.message}`}
        />
      )}
    </div>
  );
}

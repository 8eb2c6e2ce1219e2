import { useMemo, useState } from "react";
import type { PolicyPreview } from "../../shared/flux/change-operations.ts";
import { useOperations } from "../client/query.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Notice } from "../ui/notice.tsx";
import { CauseFields } from "./cause-fields.tsx";
import classes from "./flux.module.css";
import { PolicyForm } from "./policy-form.tsx";
import { noChange, type PolicyPlan, patternProblem, policyInputs, policyLabel } from "./policy-plan.ts";
import { useCause } from "./use-cause.ts";
import type { WorkloadView } from "./use-daemon-lists.ts";

interface PolicyDialogProps {
  workloads: readonly WorkloadView[];
  /** What the form begins with. */
  begin?: Partial<PolicyPlan> | undefined;
  onClose: () => void;
}

const none: never[] = [];

/** Changes policies of workloads: what, before and after, then a commit that is read back. */
export function PolicyDialog({ workloads, begin, onClose }: PolicyDialogProps) {
  const { connectionId, place } = useSystem("flux");
  // What is changed stays what it was when the dialog opened.
  const [chosen] = useState(workloads);
  const [plan, setPlan] = useState<PolicyPlan>({ ...noChange, ...begin });
  const [sent, setSent] = useState(false);
  const cause = useCause();
  const { user, message, problem } = cause;
  const inputs = useMemo(
    () => (problem ? undefined : policyInputs(plan, chosen, { connectionId, user, message })),
    [plan, chosen, connectionId, user, message, problem],
  );
  const previews = useOperations("flux.policy.preview", sent ? none : (inputs ?? none));
  const names = new Map(chosen.map(({ daemonId, daemonName }) => [daemonId, daemonName]));
  const containers = [...new Set(chosen.flatMap((each) => each.containers.map(({ name }) => name)))].sort();
  const [patternError] = previews.errors.flatMap((error) => (error && patternProblem(error.toData())) ?? []);
  const rows = previews.data.flatMap((preview) => preview?.workloads ?? []);
  return (
    <CommandDialog
      title="Change policies"
      name="flux.policy.update"
      place={place}
      inputs={inputs}
      itemHeading="Daemon"
      itemLabel={({ daemonId }) => names.get(daemonId) ?? daemonId}
      actionLabel={policyLabel(plan, chosen)}
      disabled={previews.pending || !rows.some(({ effect }) => effect === "changed")}
      size={820}
      onSend={() => setSent(true)}
      onClose={onClose}
    >
      <PolicyForm plan={plan} onPlan={setPlan} containers={containers} patternError={patternError} />
      <div style={{ height: 12 }} />
      <CauseFields cause={cause} />
      {previews.errors.map((error, index) =>
        error && !patternProblem(error.toData()) ? (
          <FailureNotice key={inputs?.[index]?.daemonId} slim failure={error.toData()} />
        ) : null,
      )}
      {previews.data
        .flatMap((preview) => preview?.warnings ?? [])
        .map((warning) => (
          <Notice key={warning} slim tone="warn" shape="bang" title={warning} />
        ))}
      {rows.length > 0 && <PolicyTable rows={rows} />}
    </CommandDialog>
  );
}

function PolicyTable({ rows }: { rows: PolicyPreview["workloads"] }) {
  return (
    <div className={`${classes.preview} ${classes.scroll}`}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Workload</th>
            <th>Before</th>
            <th>After</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, effect, refusal, before, after }) => (
            <tr key={id}>
              <td>{id}</td>
              <td>
                <Policies policies={before} />
              </td>
              <td>
                {effect === "refused" && <span style={{ color: "var(--warn)" }}>{refusal}</span>}
                {effect === "same" && <span className={classes.faint}>nothing changes</span>}
                {effect === "changed" && <Policies policies={after} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Policies({ policies }: { policies: Record<string, string> }) {
  const entries = Object.entries(policies).sort();
  if (entries.length === 0) return <span className={classes.faint}>none</span>;
  return (
    <span className={classes.chips}>
      {entries.map(([name, value]) => (
        <span key={name} className={classes.chip}>
          {value === "true" ? name : `${name}=${value}`}
        </span>
      ))}
    </span>
  );
}

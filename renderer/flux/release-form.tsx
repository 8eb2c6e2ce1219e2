import { Checkbox, SegmentedControl, TagsInput, TextInput } from "@mantine/core";
import { formatQuantity } from "../ui/format.ts";
import { CauseFields } from "./cause-fields.tsx";
import classes from "./flux.module.css";
import type { ReleasePlan, ReleaseTarget } from "./release-plan.ts";
import type { CauseState } from "./use-cause.ts";

interface ReleaseFormProps {
  targets: readonly ReleaseTarget[];
  plan: ReleasePlan;
  onPlan: (plan: ReleasePlan) => void;
  cause: CauseState;
}

/** What to release, to what, and in whose name. */
export function ReleaseForm({ targets, plan, onPlan, cause }: ReleaseFormProps) {
  const named = targets.flatMap(({ workloads }) => workloads ?? []);
  const all = targets.some(({ workloads }) => workloads === undefined);
  const change = (part: Partial<ReleasePlan>) => onPlan({ ...plan, ...part });
  return (
    <div className={classes.form}>
      <div>
        <span className={classes.hint}>To </span>
        {all
          ? "all workloads"
          : named.length > 3
            ? formatQuantity(named.length, "workload")
            : named.join(", ")}
        <span className={classes.hint}> at </span>
        {targets.map(({ daemonName }) => daemonName).join(", ")}
      </div>
      <SegmentedControl
        aria-label="What to release"
        value={plan.what}
        onChange={(what) => change({ what: what as ReleasePlan["what"] })}
        data={[
          { value: "newest", label: "The newest images that the tag filters let pass" },
          { value: "image", label: "One image" },
        ]}
      />
      {plan.what === "image" && (
        <TextInput
          label="Image"
          description="With its tag; :latest too has to be written"
          placeholder="registry.example.com/shop/checkout:2.5.0"
          required
          spellCheck={false}
          value={plan.image}
          onChange={(event) => change({ image: event.currentTarget.value })}
        />
      )}
      {all && (
        <TagsInput
          label="Except"
          description="Ids of workloads to leave as they are"
          placeholder={plan.excludes.length === 0 ? "shop:deployment/legacy" : ""}
          value={[...plan.excludes]}
          onChange={(excludes) => change({ excludes })}
        />
      )}
      <Checkbox
        label="Force (ignore locks)"
        description={
          all
            ? "Has no effect on locks when all workloads are meant"
            : "Someone locked this on purpose: ask first"
        }
        checked={plan.force}
        disabled={all}
        onChange={(event) => change({ force: event.currentTarget.checked })}
      />
      <CauseFields cause={cause} />
    </div>
  );
}

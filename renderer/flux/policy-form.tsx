import { SegmentedControl, Select, TextInput } from "@mantine/core";
import classes from "./flux.module.css";
import type { PolicyPlan } from "./policy-plan.ts";

interface PolicyFormProps {
  plan: PolicyPlan;
  onPlan: (plan: PolicyPlan) => void;
  /** Names of the containers of the chosen workloads. */
  containers: readonly string[];
  /** What is wrong with the tag filter. */
  patternError: string | undefined;
}

/** What to change: automation, lock, ignoring, one tag filter. What ignoring does not do is told beside the preview. */
export function PolicyForm({ plan, onPlan, containers, patternError }: PolicyFormProps) {
  const change = (part: Partial<PolicyPlan>) => onPlan({ ...plan, ...part });
  return (
    <div className={classes.form}>
      <div className={classes.row}>
        <Choice
          label="Automation"
          value={plan.automation}
          choices={[
            ["leave", "Leave"],
            ["on", "Automate"],
            ["off", "Deautomate"],
          ]}
          onChange={(automation) => change({ automation: automation as PolicyPlan["automation"] })}
        />
        <Choice
          label="Lock"
          value={plan.lock}
          choices={[
            ["leave", "Leave"],
            ["on", "Lock"],
            ["off", "Unlock"],
          ]}
          onChange={(lock) => change({ lock: lock as PolicyPlan["lock"] })}
        />
      </div>
      {plan.lock === "on" && (
        <TextInput
          label="Why it is locked"
          description="Kept in git beside the lock, for whoever wants to release"
          maxLength={500}
          value={plan.lockMessage}
          onChange={(event) => change({ lockMessage: event.currentTarget.value })}
        />
      )}
      <Choice
        label="Ignore"
        value={plan.ignore}
        choices={[
          ["leave", "Leave"],
          ["true", "Ignore"],
          ["sync_only", "Only no garbage collection"],
          ["off", "Stop ignoring"],
        ]}
        onChange={(ignore) => change({ ignore: ignore as PolicyPlan["ignore"] })}
      />
      <div className={classes.row}>
        <Select
          label="Tag filter of"
          data={[
            { value: "", label: "every container" },
            ...containers.map((name) => ({ value: name, label: name })),
          ]}
          allowDeselect={false}
          value={plan.container}
          onChange={(container) => change({ container: container ?? "" })}
          comboboxProps={{ withinPortal: true }}
        />
        <TextInput
          label="Tags that may be released"
          description="1.*, semver:~2.4 or regexp:^v; * removes the filter"
          spellCheck={false}
          value={plan.pattern}
          error={patternError}
          onChange={(event) => change({ pattern: event.currentTarget.value })}
        />
      </div>
    </div>
  );
}

function Choice(props: {
  label: string;
  value: string;
  choices: readonly (readonly [value: string, label: string])[];
  onChange: (value: string) => void;
}) {
  return (
    <div>
      <div style={{ fontWeight: 500 }}>{props.label}</div>
      <SegmentedControl
        aria-label={props.label}
        fullWidth
        value={props.value}
        onChange={props.onChange}
        data={props.choices.map(([value, label]) => ({ value, label }))}
      />
    </div>
  );
}

import { ActionIcon, Button, SegmentedControl, TextInput } from "@mantine/core";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { formatCount } from "../../ui/format.ts";
import { unbounded } from "../component-groups.ts";
import classes from "./scale.module.css";
import { parseCount, type ScaleMode, type ScalePlan } from "./scale-plan.ts";

interface ScaleFormProps {
  plan: ScalePlan;
  hosts: number;
  onChange: (plan: ScalePlan) => void;
}

const presets = [
  ["Stop", "0"],
  ["1", "1"],
  ["10", "10"],
  ["100", "100"],
  ["Unbounded", "unbounded"],
] as const;

/** The number of instances: typed, stepped or preset; for each host or in total. */
export function ScaleForm({ plan, hosts, onChange }: ScaleFormProps) {
  const parsed = parseCount(plan.text);
  const step = (by: number) => {
    const present = parsed.ok && parsed.count < unbounded ? parsed.count : 0;
    onChange({ ...plan, text: String(Math.max(0, present + by)) });
  };
  return (
    <div className={classes.form}>
      <div className={classes.stepper}>
        <ActionIcon variant="default" size={30} aria-label="One less" onClick={() => step(-1)}>
          <IconMinus size={14} />
        </ActionIcon>
        <TextInput
          label={plan.mode === "total" && hosts > 1 ? "Instances in total" : "Instances on each host"}
          inputMode="numeric"
          autoComplete="off"
          value={plan.text}
          placeholder="varies by host"
          error={parsed.ok || plan.text === "" ? undefined : parsed.message}
          onChange={(event) => onChange({ ...plan, text: event.currentTarget.value })}
          onKeyDown={(event) => {
            const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
            if (by === undefined) return;
            event.preventDefault();
            step(event.shiftKey ? by * 10 : by);
          }}
        />
        <ActionIcon variant="default" size={30} aria-label="One more" onClick={() => step(1)}>
          <IconPlus size={14} />
        </ActionIcon>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons, not of fields */}
      <div role="group" aria-label="Presets" className={classes.presets}>
        {presets.map(([label, text]) => (
          <Button
            key={text}
            variant={plan.text === text ? "light" : "default"}
            aria-pressed={plan.text === text}
            onClick={() => onChange({ ...plan, text })}
          >
            {label}
          </Button>
        ))}
      </div>
      {hosts > 1 && (
        <div>
          <SegmentedControl
            aria-label="How the number is meant"
            data={[
              { label: "On each host", value: "per-host" },
              { label: `In total over ${formatCount(hosts)} hosts`, value: "total" },
            ]}
            value={plan.mode}
            onChange={(mode) => onChange({ ...plan, mode: mode as ScaleMode })}
          />
        </div>
      )}
    </div>
  );
}

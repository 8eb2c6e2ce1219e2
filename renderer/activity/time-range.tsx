import { Button, Group, Popover, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ActivityQuery } from "../../shared/activity/query.ts";
import { useUiStore } from "../state/ui-store.ts";
import { formatInstant } from "../ui/format.ts";
import { fieldTextOf, instantOf } from "./activity-address.ts";

interface TimeRangeProps {
  from: string | undefined;
  to: string | undefined;
  onChange: (change: Pick<ActivityQuery, "from" | "to">) => void;
}

const hour = 3_600_000;
const spans = [
  { label: "Last hour", ms: hour },
  { label: "Last 24 hours", ms: 24 * hour },
  { label: "Last 7 days", ms: 7 * 24 * hour },
];

/** From when to when something began, in the zone that the person chose. */
export function TimeRange({ from, to, onChange }: TimeRangeProps) {
  const [opened, setOpened] = useState(false);
  const utc = useUiStore((state) => state.utc);
  const choose = (change: Pick<ActivityQuery, "from" | "to">) => {
    onChange(change);
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus shadow="md" withinPortal>
      <Popover.Target>
        <Button variant="default" aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {rangeText({ from, to }, utc)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Group gap="xs">
            {spans.map(({ label, ms }) => (
              <Button
                key={label}
                variant="default"
                onClick={() => choose({ from: new Date(Date.now() - ms).toISOString(), to: undefined })}
              >
                {label}
              </Button>
            ))}
          </Group>
          <TimeField label="From" utc={utc} value={from} onChange={(next) => onChange({ from: next, to })} />
          <TimeField label="Before" utc={utc} value={to} onChange={(next) => onChange({ from, to: next })} />
          <Button variant="subtle" color="gray" onClick={() => choose({ from: undefined, to: undefined })}>
            Any time
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

interface TimeFieldProps {
  label: string;
  utc: boolean;
  value: string | undefined;
  onChange: (instant: string | undefined) => void;
}

function TimeField({ label, utc, value, onChange }: TimeFieldProps) {
  return (
    <TextInput
      type="datetime-local"
      label={`${label} (${utc ? "UTC" : "local"})`}
      value={fieldTextOf(value, utc)}
      onChange={(event) => onChange(instantOf(event.currentTarget.value, utc))}
    />
  );
}

function rangeText({ from, to }: Pick<ActivityQuery, "from" | "to">, utc: boolean): string {
  const short = (instant: string) => formatInstant(Date.parse(instant), utc).slice(0, 16);
  if (from && to) return `${short(from)} to ${short(to)}`;
  if (from) return `since ${short(from)}`;
  return to ? `before ${short(to)}` : "Any time";
}

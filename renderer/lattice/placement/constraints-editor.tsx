import { ActionIcon, Autocomplete, Button } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useMemo } from "react";
import { ownValue } from "../../../shared/contract/index.ts";
import type { HostRow } from "../../../shared/lattice/schema.ts";
import { formatCount, formatQuantity } from "../../ui/format.ts";
import { entryProblems, type MapEntry, mapOf, withEntry } from "../../ui/map-entries.ts";
import classes from "./placement.module.css";

interface ConstraintsEditorProps {
  /** The hosts whose labels complete what is typed. */
  hosts: readonly HostRow[];
  constraints: readonly MapEntry[];
  onChange: (constraints: MapEntry[]) => void;
}

/** Labels that a host must have, one a line, completed from the labels that there are. */
export function ConstraintsEditor({ hosts, constraints, onChange }: ConstraintsEditorProps) {
  const problems = entryProblems(constraints);
  const keys = useMemo(() => keyCompletions(hosts), [hosts]);
  const change = (line: number, part: Partial<MapEntry>) =>
    onChange(constraints.map((one) => (one.line === line ? { ...one, ...part } : one)));
  const fitting = hostsThatFit(hosts, mapOf(constraints)).length;
  return (
    <fieldset className={classes.constraints}>
      <legend className={classes.legend}>Constraints</legend>
      {constraints.map(({ line, key, value }, index) => (
        <div key={line} className={classes.constraint}>
          <Completing
            label={`Label of constraint ${index + 1}`}
            placeholder="label"
            value={key}
            error={problems.get(line)}
            completions={keys}
            onChange={(next) => change(line, { key: next })}
          />
          <span className={classes.is}>is</span>
          <Completing
            label={`Value of constraint ${index + 1}`}
            placeholder="exactly this value"
            value={value}
            completions={valueCompletions(hosts, key)}
            onChange={(next) => change(line, { value: next })}
          />
          <ActionIcon
            size={30}
            aria-label={`Remove constraint ${index + 1}`}
            onClick={() => onChange(constraints.filter((one) => one.line !== line))}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      <div className={classes.constraintFoot}>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={12} aria-hidden="true" />}
          onClick={() => onChange(withEntry(constraints))}
        >
          Add a constraint
        </Button>
        <span role="status" className={classes.hint}>
          {constraints.length === 0
            ? "Any host may bid."
            : `${formatCount(fitting)} of ${formatQuantity(hosts.length, "host")} ${fitting === 1 ? "has" : "have"} these labels now.`}
        </span>
      </div>
    </fieldset>
  );
}

interface CompletingProps {
  label: string;
  placeholder: string;
  value: string;
  error?: string | undefined;
  completions: readonly Completion[];
  onChange: (value: string) => void;
}

function Completing({ label, completions, ...field }: CompletingProps) {
  const hosts = new Map(completions.map((one) => [one.text, one.hosts]));
  return (
    <Autocomplete
      size="xs"
      aria-label={label}
      {...field}
      classNames={{ input: "mono" }}
      autoComplete="off"
      spellCheck={false}
      data={[...hosts.keys()]}
      limit={50}
      renderOption={({ option }) => (
        <span className={classes.completion}>
          <span className="mono">{option.value}</span>
          <span className={classes.hint}>{formatQuantity(hosts.get(option.value) ?? 0, "host")}</span>
        </span>
      )}
    />
  );
}

/** Something to complete with, and how many hosts have it. */
interface Completion {
  text: string;
  hosts: number;
}

/** The label keys of these hosts: those that somebody chose before those that every host has by itself. */
export function keyCompletions(hosts: readonly HostRow[]): Completion[] {
  return counted(hosts.flatMap(({ labels }) => Object.keys(labels))).sort(
    (a, b) =>
      Number(isOwn(a.text)) - Number(isOwn(b.text)) || b.hosts - a.hosts || (a.text < b.text ? -1 : 1),
  );
}

/** The values that these hosts have for a label, the most frequent first. */
export function valueCompletions(hosts: readonly HostRow[], key: string): Completion[] {
  return counted(hosts.flatMap(({ labels }) => ownValue(labels, key.trim()) ?? [])).sort(
    (a, b) => b.hosts - a.hosts || (a.text < b.text ? -1 : 1),
  );
}

/** The hosts whose labels are exactly so, as hosts compare them (wasmcloud-control §5.6). */
export function hostsThatFit(
  hosts: readonly HostRow[],
  constraints: Readonly<Record<string, string>>,
): HostRow[] {
  const wanted = Object.entries(constraints);
  return hosts.filter(({ labels }) => wanted.every(([key, value]) => ownValue(labels, key) === value));
}

function isOwn(key: string): boolean {
  return key.startsWith("hostcore.");
}

function counted(texts: readonly string[]): Completion[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, hosts]) => ({ text, hosts }));
}

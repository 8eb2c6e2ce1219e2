import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import classes from "./map-editor.module.css";
import { entryProblems, type MapEntry, withEntry } from "./map-entries.ts";

interface MapEditorProps {
  label: string;
  /** What one line is, such as "annotation". */
  noun: string;
  hint?: string;
  entries: readonly MapEntry[];
  onChange: (entries: MapEntry[]) => void;
}

/** Keys with their values, one line each. */
export function MapEditor({ label, noun, hint, entries, onChange }: MapEditorProps) {
  const problems = entryProblems(entries);
  const change = (line: number, part: Partial<MapEntry>) =>
    onChange(entries.map((entry) => (entry.line === line ? { ...entry, ...part } : entry)));
  return (
    <fieldset className={classes.editor}>
      <legend className={classes.label}>{label}</legend>
      {hint && <span className={classes.hint}>{hint}</span>}
      {entries.map(({ line, key, value }, index) => (
        <div key={line} className={classes.line}>
          <TextInput
            aria-label={`Key of ${noun} ${index + 1}`}
            placeholder="key"
            spellCheck={false}
            autoComplete="off"
            value={key}
            error={problems.get(line)}
            onChange={(event) => change(line, { key: event.currentTarget.value })}
          />
          <TextInput
            aria-label={`Value of ${noun} ${index + 1}`}
            placeholder="value"
            spellCheck={false}
            autoComplete="off"
            value={value}
            onChange={(event) => change(line, { value: event.currentTarget.value })}
          />
          <ActionIcon
            size={30}
            aria-label={`Remove ${noun} ${index + 1}`}
            onClick={() => onChange(entries.filter((entry) => entry.line !== line))}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      <Button
        className={classes.add ?? ""}
        size="compact-xs"
        variant="default"
        leftSection={<IconPlus size={12} aria-hidden="true" />}
        onClick={() => onChange(withEntry(entries))}
      >
        Add {noun}
      </Button>
    </fieldset>
  );
}

import { Autocomplete, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { useTopic } from "../../client/use-topic.ts";
import { useSelection } from "../../state/selection.ts";
import classes from "./labels.module.css";

interface LabelFieldsProps {
  draft: { key: string; value: string };
  fixedKey: boolean;
  problems: { key?: string; value?: string };
  onChange: (draft: { key: string; value: string }) => void;
}

/** Key and value of a label, completed from the labels that hosts have. */
export function LabelFields({ draft, fixedKey, problems, onChange }: LabelFieldsProps) {
  const labels = usePresentLabels();
  const keys = [...labels.keys()].filter((key) => !key.startsWith("hostcore.")).sort();
  const values = [...(labels.get(draft.key.trim()) ?? [])].sort();
  return (
    <div className={classes.fields}>
      {fixedKey ? (
        <TextInput label="Key" value={draft.key} readOnly variant="filled" />
      ) : (
        <Autocomplete
          size="xs"
          label="Key"
          description="Such as zone. Hosts keep hostcore.* for themselves."
          required
          data-autofocus
          data={keys}
          comboboxProps={{ withinPortal: true }}
          openOnFocus={false}
          spellCheck={false}
          value={draft.key}
          error={draft.key === "" ? undefined : problems.key}
          onChange={(key) => onChange({ ...draft, key })}
        />
      )}
      <Autocomplete
        size="xs"
        label="Value"
        description="Auctions compare it letter by letter."
        data={values}
        comboboxProps={{ withinPortal: true }}
        openOnFocus={false}
        spellCheck={false}
        value={draft.value}
        error={problems.value}
        onChange={(value) => onChange({ ...draft, value })}
      />
    </div>
  );
}

/** All labels of the lattice's hosts, each with its values. */
function usePresentLabels(): ReadonlyMap<string, ReadonlySet<string>> {
  const { connectionId, lattice } = useSelection();
  const { rows } = useTopic("lattice.hosts", { connectionId, lattice });
  return useMemo(() => {
    const labels = new Map<string, Set<string>>();
    for (const row of rows) {
      for (const [key, value] of Object.entries(row.labels)) {
        const values = labels.get(key) ?? new Set();
        labels.set(key, values.add(value));
      }
    }
    return labels;
  }, [rows]);
}

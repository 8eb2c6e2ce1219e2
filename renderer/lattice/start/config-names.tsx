import { TagsInput } from "@mantine/core";
import { useOperation } from "../../client/query.ts";
import { useSelection } from "../../state/selection.ts";

interface ConfigNamesProps {
  value: string[];
  error?: string | undefined;
  onChange: (names: string[]) => void;
}

/** Names of configs in order, completed from those that the lattice is known to have. */
export function ConfigNames({ value, error, onChange }: ConfigNamesProps) {
  const known = useConfigNames();
  return (
    <TagsInput
      label="Configs"
      description="Names in order: where two have the same key, the later one wins."
      placeholder={value.length > 0 ? "" : "none"}
      data={known?.names ?? []}
      comboboxProps={{ withinPortal: true }}
      value={value}
      error={error}
      onChange={onChange}
    />
  );
}

/** Those of the names that do not exist; empty where that cannot be told. */
export function useMissingConfigs(names: readonly string[]): string[] {
  const known = useConfigNames();
  if (!known?.complete) return [];
  return names.filter((name) => !known.names.includes(name));
}

function useConfigNames(): { names: string[]; complete: boolean } | undefined {
  const { connectionId, lattice } = useSelection();
  const { data } = useOperation("lattice.configs.list", { connectionId, lattice });
  return data && { names: data.configs.map(({ name }) => name), complete: data.complete };
}

import { TagsInput } from "@mantine/core";
import classes from "./scale.module.css";

interface ConfigOrderProps {
  /** Names that the person gave; absent: none. */
  config: readonly string[] | undefined;
  onConfig: (config: readonly string[] | undefined) => void;
}

/** Asks for the configs of a component where nothing tells them. */
export function ConfigOrder({ config, onConfig }: ConfigOrderProps) {
  return (
    <TagsInput
      className={classes.part}
      label="Names of its configs, in order"
      description="Which configs it uses now cannot be read from a host. Write them here to keep them; later names override earlier ones."
      placeholder={config?.length ? "" : "no config (current config will be removed)"}
      value={[...(config ?? [])]}
      onChange={(names) => onConfig(names.length > 0 ? names : undefined)}
    />
  );
}

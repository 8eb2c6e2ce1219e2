import { useMemo } from "react";
import type { OutputFor } from "../../../shared/catalogue.ts";
import type { LinkRow } from "../../../shared/lattice/schema.ts";

export type ConfigList = OutputFor<"lattice.configs.list">;

/** A config as far as the list tells, with how many links name it. */
export interface ConfigRow {
  name: string;
  secret: boolean;
  links: number;
}

/** Counts for each config the links that name it at either end; a link that names it at both counts once. */
export function configRows(configs: ConfigList["configs"], links: readonly LinkRow[]): ConfigRow[] {
  const counts = new Map<string, number>();
  for (const { sourceConfig, targetConfig } of links)
    for (const name of new Set([...sourceConfig, ...targetConfig]))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  return configs.map((config) => ({ ...config, links: counts.get(config.name) ?? 0 }));
}

/** The rows of the page; the same array as long as nothing changed. */
export function useConfigRows(list: ConfigList | undefined, links: readonly LinkRow[]): ConfigRow[] {
  return useMemo(() => configRows(list?.configs ?? [], links), [list?.configs, links]);
}

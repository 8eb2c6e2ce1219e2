import { curlOf } from "../../command/curl-commands.ts";
import type { CopiedCommands } from "../../command/wire-commands.ts";
import { type CommandPlace, wireCommands } from "../copy-as.ts";

interface ShownConfig {
  name: string;
  /** Those of secret references masked, so that the commands say where to fill them in. */
  values: Readonly<Record<string, string>>;
}

/** Stores a config as it is shown (wasmcloud-control §2.16). */
export function putConfigCommands(place: CommandPlace, { name, values }: ShownConfig): CopiedCommands {
  const { connectionId, lattice } = place;
  return {
    ...wireCommands(place, `config.put.${name}`, values),
    curl: [curlOf("lattice.configs.put", { connectionId, lattice, name, values: { ...values } })],
  };
}

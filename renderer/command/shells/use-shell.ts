import { transport } from "../../client/call.ts";
import { type ShellName, useUiStore } from "../../state/ui-store.ts";
import type { Shell } from "./command-line.ts";
import { chosenOf, platformOf, shellsOn } from "./shells.ts";

interface ChosenShell {
  name: ShellName;
  shell: Shell;
  /** All that can be chosen on this machine. */
  shells: ReadonlyMap<ShellName, Shell>;
}

/** The shell that the person pastes into: the one chosen last, or else the first of this machine. */
export function useShell(): ChosenShell {
  const chosen = useUiStore((state) => state.shell);
  const shells = shellsOn(platformOf(transport().platform, navigator.platform));
  return { ...chosenOf(shells, chosen), shells };
}

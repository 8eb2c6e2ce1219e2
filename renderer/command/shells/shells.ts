import type { ShellName } from "../../state/ui-store.ts";
import { cmd } from "./cmd.ts";
import type { Shell } from "./command-line.ts";
import { posix } from "./posix.ts";
import { powershell7, powershell7Elsewhere, windowsPowershell } from "./powershell.ts";

/** The shells that a person may paste into, the one of the platform first. */
export function shellsOn(platform: Platform): ReadonlyMap<ShellName, Shell> {
  const windows: [ShellName, Shell][] = [
    ["windows-powershell", windowsPowershell],
    ["powershell", powershell7],
    ["cmd", cmd],
    ["posix", posix],
  ];
  const elsewhere: [ShellName, Shell][] = [
    ["posix", posix],
    ["powershell", powershell7Elsewhere],
  ];
  return new Map(platform === "windows" ? windows : elsewhere);
}

export type Platform = "windows" | "other";

/** The machine of the person who pastes: the console's own in the desktop application, the browser's in a browser. */
export function platformOf(transportPlatform: string, browserPlatform: string): Platform {
  const name = transportPlatform === "browser" ? browserPlatform : transportPlatform;
  return /^win/i.test(name) ? "windows" : "other";
}

/** The one of a name, or the first where the machine has none of that name. */
export function chosenOf(
  shells: ReadonlyMap<ShellName, Shell>,
  chosen: ShellName | undefined,
): { name: ShellName; shell: Shell } {
  const all = [...shells].map(([name, shell]) => ({ name, shell }));
  return (all.find(({ name }) => name === chosen) ?? all[0]) as { name: ShellName; shell: Shell };
}

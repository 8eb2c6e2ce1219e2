import type { InputFor } from "../../shared/catalogue.ts";
import type { ForgeTarget } from "../../shared/connections/forge-target.ts";
import { CopyCommandMenu } from "../command/copy-as-menu.tsx";
import { useSystem } from "../state/selection.ts";
import { type CopiedName, commandsOf, type ForgeCommands, forgeTools } from "./copy-as.ts";

interface CopyAsMenuProps {
  what: string;
  /** Made when asked for. */
  commands: (target: ForgeTarget) => ForgeCommands;
}

/** Offers an action on the selected server as a command of this console's HTTP interface, or to the server itself. */
export function CopyAsMenu({ what, commands }: CopyAsMenuProps) {
  const { profile } = useSystem("forge");
  if (!profile) return null;
  return <CopyCommandMenu what={what} tools={forgeTools} commands={() => commands(profile.target)} />;
}

interface CopyInputsProps<Name extends CopiedName> {
  what: string;
  name: Name;
  /** What would be sent; nothing is offered until the form is complete. */
  inputs: readonly InputFor<Name>[] | undefined;
}

/** Offers all that a dialog would send as commands. */
export function CopyInputs<Name extends CopiedName>({ what, name, inputs }: CopyInputsProps<Name>) {
  if (!inputs || inputs.length === 0) return null;
  return <CopyAsMenu what={what} commands={(target) => commandsOf(name, inputs, target)} />;
}

import type { CopiedCommands } from "../../command/wire-commands.ts";
import type { CommandPlace } from "../copy-as.ts";
import { CopyAsMenu } from "../copy-as-menu.tsx";
import { joinCommands } from "../copy-workloads.ts";

interface CopyInputsProps<Input> {
  /** What would be done, as the button says it. */
  what: string;
  inputs: readonly Input[] | undefined;
  commands: (place: CommandPlace, input: Input) => CopiedCommands;
}

/** Offers all that a dialog would send as commands of other tools, as soon as its form is complete. */
export function CopyInputs<Input>({ what, inputs, commands }: CopyInputsProps<Input>) {
  if (!inputs || inputs.length === 0) return null;
  return (
    <CopyAsMenu
      what={what}
      commands={(place) => joinCommands(inputs.map((input) => commands(place, input)))}
    />
  );
}

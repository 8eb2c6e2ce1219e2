import { CopyCommandMenu } from "../command/copy-as-menu.tsx";
import type { CopiedCommands } from "../command/wire-commands.ts";
import { useSelection } from "../state/selection.ts";
import type { CommandPlace } from "./copy-as.ts";

interface CopyAsMenuProps {
  /** Made when asked for. */
  commands: (place: CommandPlace) => CopiedCommands;
  what: string;
}

const tools = ["wash", "nats", "curl"] as const;

/** Offers an action on the selected lattice as a command of wash, of nats, or of this console's HTTP interface. */
export function CopyAsMenu({ commands, what }: CopyAsMenuProps) {
  const { connectionId, lattice, profile } = useSelection();
  if (!profile) return null;
  const place = { connectionId, lattice, target: profile.target };
  return <CopyCommandMenu what={what} tools={tools} commands={() => commands(place)} />;
}

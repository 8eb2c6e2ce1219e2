import { Button, Menu } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconTerminal2 } from "@tabler/icons-react";
import { useSelection } from "../state/selection.ts";
import type { CommandPlace, CopiedCommands } from "./copy-as.ts";

interface CopyAsMenuProps {
  /** Made when asked for. */
  commands: (place: CommandPlace) => CopiedCommands;
  what: string;
}

const tools = ["wash", "nats", "curl"] as const;

/** Offers an action as a command of wash, of nats, or of this console's HTTP interface. */
export function CopyAsMenu({ commands, what }: CopyAsMenuProps) {
  const { connectionId, lattice, profile } = useSelection();
  const clipboard = useClipboard({ timeout: 1_500 });
  if (!profile) return null;
  const copy = (tool: keyof CopiedCommands) =>
    clipboard.copy(commands({ connectionId, lattice, target: profile.target })[tool]);
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<IconTerminal2 size={14} aria-hidden="true" />}>
          {clipboard.copied ? "Copied" : "Copy as"}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{what}</Menu.Label>
        {tools.map((tool) => (
          <Menu.Item key={tool} onClick={() => copy(tool)}>
            {tool}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

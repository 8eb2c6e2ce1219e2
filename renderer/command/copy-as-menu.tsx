import { Button, Menu } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconTerminal2 } from "@tabler/icons-react";
import type { CopiedCommands } from "./wire-commands.ts";

interface CopyCommandMenuProps {
  /** Made when asked for. */
  commands: () => Partial<CopiedCommands>;
  what: string;
  /** The tools that know the action; unless said, all. */
  tools?: readonly (keyof CopiedCommands)[];
}

const allTools = ["wash", "nats", "curl"] as const;

/** Offers an action as a command of wash, of nats, or of this console's HTTP interface. */
export function CopyCommandMenu({ commands, what, tools = allTools }: CopyCommandMenuProps) {
  const clipboard = useClipboard({ timeout: 1_500 });
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
          <Menu.Item key={tool} onClick={() => clipboard.copy(commands()[tool] ?? "")}>
            {tool}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

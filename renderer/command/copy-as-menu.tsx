import { Button, Menu } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconTerminal2 } from "@tabler/icons-react";

interface CopyCommandMenuProps<Tool extends string> {
  /** Made when asked for. */
  commands: () => Partial<Record<Tool, string>>;
  what: string;
  /** The tools that know the action. */
  tools: readonly Tool[];
}

/** Offers an action as a command of other tools, or of this console's HTTP interface. */
export function CopyCommandMenu<Tool extends string>({ commands, what, tools }: CopyCommandMenuProps<Tool>) {
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

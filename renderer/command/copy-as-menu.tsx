import { Button, Menu } from "@mantine/core";
import { IconTerminal2 } from "@tabler/icons-react";
import { useUiStore } from "../state/ui-store.ts";
import { useCopy } from "../ui/clipboard.ts";
import { type CopiedLine, scriptOf } from "./shells/command-line.ts";
import { useShell } from "./shells/use-shell.ts";

interface CopyCommandMenuProps<Tool extends string> {
  /** Made when asked for. */
  commands: () => Partial<Record<Tool, readonly CopiedLine[]>>;
  what: string;
  /** The tools that know the action. */
  tools: readonly Tool[];
}

/** Offers an action as a command of other tools, or of this console's HTTP interface, for the shell of this machine or another. */
export function CopyCommandMenu<Tool extends string>({ commands, what, tools }: CopyCommandMenuProps<Tool>) {
  const { shell } = useShell();
  const { copied, run } = useCopy(1_500);
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<IconTerminal2 size={14} aria-hidden="true" />}>
          {copied ? "Copied" : "Copy as"}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{what}</Menu.Label>
        {tools.map((name) => (
          <Menu.Item
            key={name}
            onClick={() => run(() => ({ text: scriptOf(commands()[name] ?? [], shell) }))}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <ShellChoice />
      </Menu.Dropdown>
    </Menu>
  );
}

/** Which shell the commands are written for; the menu stays open, since a command is chosen next. */
function ShellChoice() {
  const { name: chosen, shells } = useShell();
  const setShell = useUiStore((state) => state.setShell);
  return (
    <>
      <Menu.Label>For the shell</Menu.Label>
      {[...shells].map(([name, { label }]) => (
        <Menu.RadioItem key={name} value={name} checked={name === chosen} onChange={() => setShell(name)}>
          {label}
        </Menu.RadioItem>
      ))}
    </>
  );
}

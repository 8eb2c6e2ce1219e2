import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconDotsVertical } from "@tabler/icons-react";
import classes from "../lattice.module.css";

export type ComponentLineCommand = "scale" | "update" | "stop";

interface ComponentLineActionsProps {
  /** What the line is about, in the names of its buttons: "cart", or "on quiet-river-1022". */
  what: string;
  onCommand: (command: ComponentLineCommand) => void;
}

/** What can be done with the component on the host of one line. */
export function ComponentLineActions({ what, onCommand }: ComponentLineActionsProps) {
  return (
    <span className={classes.buttons}>
      <Button
        size="compact-xs"
        variant="subtle"
        aria-label={`Scale ${what}`}
        onClick={() => onCommand("scale")}
      >
        Scale
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon size={22} aria-label={`More: ${what}`}>
            <IconDotsVertical size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onCommand("update")}>Update {what}…</Menu.Item>
          <Menu.Item onClick={() => onCommand("stop")}>Stop {what}…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}

import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useRef } from "react";
import type { Action } from "../command/action.ts";
import { useBegin } from "../command/use-actions.ts";
import { useSystem } from "../state/selection.ts";
import { enqueueDemo, type NamedQueue, sweepActions } from "./sweep-actions.tsx";

/** Commands to the whole server, beginning with the queue that is looked at. */
export function SweepMenu({ queue }: { queue: string | undefined }) {
  const { isOpen } = useSystem("forge");
  const begin = useBegin();
  const target = useRef<HTMLButtonElement>(null);
  const things = queue === undefined ? [] : [{ name: queue }];
  const item = (action: Action<NamedQueue>) => (
    <Menu.Item key={action.id} onClick={() => begin(action, things, { returnTo: target })}>
      {action.button?.(things)}
    </Menu.Item>
  );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          ref={target}
          variant="default"
          disabled={!isOpen}
          rightSection={<IconChevronDown size={14} />}
        >
          Whole server
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>The server finds the jobs itself</Menu.Label>
        {sweepActions.map(item)}
        <Menu.Divider />
        {item(enqueueDemo)}
      </Menu.Dropdown>
    </Menu>
  );
}

import type { ReactNode, RefObject } from "react";
import type { InputFor } from "../../shared/catalogue.ts";
import type { QueueRow } from "../../shared/forge/schema.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import type { CopiedName } from "./copy-as.ts";
import { CopyInputs } from "./copy-as-menu.tsx";
import classes from "./forge.module.css";

export interface QueueDialogProps {
  queue: QueueRow;
  /** What was said of the setting already. */
  value?: string | undefined;
  onClose: () => void;
  returnTo?: RefObject<HTMLElement | null> | undefined;
}

type QueueCommand = Extract<CopiedName, `forge.queues.${string}`>;

interface SettingProps<Name extends QueueCommand> extends QueueDialogProps {
  title: string;
  name: Name;
  /** Beside connection and queue; undefined while the form is not complete, or changes nothing. */
  values: Omit<InputFor<Name>, "connectionId" | "name"> | undefined;
  label: string;
  destructive?: boolean;
  size?: number;
  children: ReactNode;
}

/** What the button says while the form holds what the queue has. */
export const unchanged = "No changes";

/** The way of every change of a queue's settings: form, guard, and a receipt that is read back. */
export function QueueDialog<Name extends QueueCommand>(props: SettingProps<Name>) {
  const { queue, title, name, values, label, destructive = false, size = 620, returnTo, onClose } = props;
  const { connectionId, place } = useSystem("forge");
  const inputs = values && [{ connectionId, name: queue.name, ...values } as InputFor<Name>];
  return (
    <CommandDialog
      title={title}
      name={name}
      place={place}
      inputs={inputs}
      itemLabel={() => queue.name}
      itemHeading="Queue"
      actionLabel={label}
      destructive={destructive}
      size={size}
      returnTo={returnTo}
      onClose={onClose}
      copyAs={<CopyInputs what={label} name={name} inputs={inputs} />}
    >
      <div className={classes.stack}>{props.children}</div>
    </CommandDialog>
  );
}

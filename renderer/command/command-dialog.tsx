import { Modal } from "@mantine/core";
import { type ReactNode, type RefObject, useState } from "react";
import type { InputFor, OperationName, OutputFor } from "../../shared/catalogue.ts";
import type { Activity } from "../../shared/contract/index.ts";
import { useBulk } from "../client/bulk.ts";
import { useTopicRow } from "../client/use-topic.ts";
import { type GuardAnswer, GuardedActions, type GuardedPlace, phraseLasts } from "../ui/guarded-actions.tsx";
import { useReturnOfFocus } from "../ui/use-return-of-focus.ts";
import classes from "./command.module.css";
import { CommandReceipts } from "./command-receipts.tsx";

/** Names of the operations that answer with their activity. */
export type CommandName = {
  [Name in OperationName]: OutputFor<Name> extends Activity ? Name : never;
}[OperationName];

export interface CommandDialogProps<Name extends CommandName> {
  title: string;
  name: Name;
  place: GuardedPlace;
  /** What would be sent, one command an item; undefined while the form is not complete. */
  inputs: readonly InputFor<Name>[] | undefined;
  /** Names an item in its receipt, such as the host. */
  itemLabel: (input: InputFor<Name>) => string;
  /** What the items are, such as "Host". */
  itemHeading: string;
  /** Says exactly what will happen, such as "Scale cart to 120 on 8 hosts". */
  actionLabel: string;
  destructive?: boolean;
  /** The form is complete, but something else, such as a preview, is still awaited. */
  disabled?: boolean;
  /** Width in pixels. */
  size?: number;
  /** Where the focus goes afterwards, when what opened the dialog is gone by then (an item of a menu). */
  returnTo?: RefObject<HTMLElement | null> | undefined;
  /** Sends the first item alone; the others wait until somebody has seen what became of it. */
  firstAlone?: boolean;
  onSend?: () => void;
  /** What is kept of an item that holds a secret, once its answer came; it is then not offered again. */
  forget?: (input: InputFor<Name>) => InputFor<Name> | undefined;
  onClose: () => void;
  /** Offers what would be sent as commands of other tools. */
  copyAs?: ReactNode;
  /** What has to be known while the receipts come in. */
  receiptNote?: ReactNode;
  /** The form and the preview. */
  children: ReactNode;
}

/** The way of every command: form and preview, guard and reason, then a receipt for each item until it is settled. */
export function CommandDialog<Name extends CommandName>(props: CommandDialogProps<Name>) {
  const { title, name, place, inputs, actionLabel, onClose, children } = props;
  useReturnOfFocus(props.returnTo);
  const bulk = useBulk(name, props.forget);
  const unlock = useTopicRow("guards", {}, place.connectionId);
  const guarded = { ...place, unlockedUntil: unlock?.unlockedUntil };
  const [answer, setAnswer] = useState<GuardAnswer>();
  const send = (given: GuardAnswer) => {
    if (!inputs) return;
    setAnswer(given);
    props.onSend?.();
    bulk.start(inputs, given, { firstAlone: props.firstAlone === true, phraseLasts: phraseLasts(place) });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={props.size ?? 760}
      closeOnClickOutside={!answer}
      title={title}
      styles={{ content: { borderTop: `3px solid ${place.color}` } }}
    >
      {answer ? (
        <>
          {props.receiptNote}
          <CommandReceipts
            bulk={bulk}
            answer={answer}
            place={guarded}
            itemLabel={props.itemLabel}
            itemHeading={props.itemHeading}
            onClose={onClose}
          />
        </>
      ) : (
        <>
          {children}
          <div className={classes.guard}>
            {props.copyAs && <div className={classes.copyAs}>{props.copyAs}</div>}
            <GuardedActions
              place={guarded}
              actionLabel={actionLabel}
              destructive={props.destructive === true}
              disabled={!inputs || inputs.length === 0 || props.disabled === true}
              onConfirm={send}
              onCancel={onClose}
            />
          </div>
        </>
      )}
    </Modal>
  );
}

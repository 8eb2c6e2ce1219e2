import { Modal } from "@mantine/core";
import type { ReactNode, RefObject } from "react";
import { GuardedActions, type GuardedActionsProps } from "./guarded-actions.tsx";

export interface ConfirmProps extends GuardedActionsProps {
  opened: boolean;
  title: string;
  /** Where the focus goes afterwards, when what opened the dialog is gone by then (an item of a menu). */
  returnTo?: RefObject<HTMLElement | null>;
  /** What would change, in words or as a preview. */
  children?: ReactNode;
}

/** Asks before a change: what happens, where, why; the safe button has the focus. */
export function Confirm({ opened, title, returnTo, children, ...guarded }: ConfirmProps) {
  return (
    <Modal
      opened={opened}
      onClose={guarded.onCancel}
      title={title}
      size="md"
      styles={{ content: { borderTop: `3px solid ${guarded.place.color}` } }}
      returnFocus={returnTo === undefined}
      onExitTransitionEnd={() => returnTo?.current?.focus()}
    >
      {children}
      <GuardedActions {...guarded} />
    </Modal>
  );
}

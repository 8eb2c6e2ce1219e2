import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { GuardedActions, type GuardedActionsProps } from "./guarded-actions.tsx";

export interface ConfirmProps extends GuardedActionsProps {
  opened: boolean;
  title: string;
  /** What would change, in words or as a preview. */
  children?: ReactNode;
}

/** Asks before a change: what happens, where, why; the safe button has the focus. */
export function Confirm({ opened, title, children, ...guarded }: ConfirmProps) {
  return (
    <Modal opened={opened} onClose={guarded.onCancel} title={title} size="md">
      {children}
      <GuardedActions {...guarded} />
    </Modal>
  );
}

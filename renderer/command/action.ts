import type { ReactNode, RefObject } from "react";
import { create } from "zustand";
import type { OperationName } from "../../shared/catalogue.ts";
import type { PageName } from "../state/paths.ts";

export interface ActionDialogProps<Thing> {
  /** What the action concerns, as it was when it was asked for; none for an action that makes something new. */
  things: readonly Thing[];
  /** What the person typed for the action's parameter already. */
  value?: string | undefined;
  /** Where the focus goes afterwards, when what was pressed is gone by then (an item of a menu). */
  returnTo?: RefObject<HTMLElement | null> | undefined;
  onClose: () => void;
}

/**
 * What the window offers for things of one kind: declared once, and from it come its buttons in drawer, table and line,
 * its key with its line in the list of keys, and its phrases in the palette. Nothing is sent but by its dialog.
 * Its functions are methods, so that a list may hold actions on things of several kinds.
 */
export interface Action<Thing> {
  /** Also that of its shortcut. */
  id: string;
  /** What its dialog sends; absent where the action only leads to a page. */
  operation?: OperationName;
  /** The short name of what it does, first in its phrases: "Scale". */
  verb: string;
  /** Other words for the verb, which find it too: "resize grow". */
  synonyms?: string;
  /** With its thing and the value of its parameter, as keys and palette say it: "Scale cart to 12". */
  label(things: readonly Thing[], value?: string): string;
  /** What its button in a drawer says; unless given, the verb. */
  button?(things: readonly Thing[]): string;
  key?: string;
  /** Whether it is offered at all for what the things are now. */
  applies?(things: readonly Thing[]): boolean;
  /** Why it cannot be done although it is offered, as a sentence. */
  refusal?(things: readonly Thing[]): string | undefined;
  /** It is offered for several selected things at once. */
  bulk?: boolean;
  /** Its button stands out as what one comes for. */
  primary?: boolean;
  /** It stands in the menu behind the other buttons. */
  secondary?: boolean;
  destructive?: boolean;
  /** What the rest of a phrase means for it; undefined where that is no value. */
  parameter?(text: string): string | undefined;
  /** What is read again as its dialog closes, where no topic brings the change. */
  refreshes?: readonly OperationName[];
  /** The form, the preview and the guard. */
  Dialog?(props: ActionDialogProps<Thing>): ReactNode;
  /** Where it leads, instead of a dialog. */
  leadsTo?(things: readonly Thing[]): { page: PageName; search: string };
}

/** A dialog that was asked for. */
export interface ActionRequest {
  action: Action<unknown>;
  things: readonly unknown[];
  value?: string | undefined;
  returnTo?: RefObject<HTMLElement | null> | undefined;
  /** The page it belongs to, with its connection: it is never shown over another one. */
  where: string;
}

interface ActionStore {
  request: ActionRequest | undefined;
  /** How many were asked for; each begins its dialog anew. */
  number: number;
  ask(request: ActionRequest): void;
  /** Ends this request, unless another one has taken its place. */
  close(request: ActionRequest): void;
}

/** The one dialog of an action that is open, or about to be as its page is reached. */
export const useActionStore = create<ActionStore>()((set) => ({
  request: undefined,
  number: 0,
  ask: (request) => set(({ number }) => ({ request, number: number + 1 })),
  close: (request) => set((state) => (state.request === request ? { request: undefined } : state)),
}));

/** The actions that are offered for these things. */
export function actionsFor<Thing>(
  actions: readonly Action<Thing>[],
  things: readonly Thing[],
): Action<Thing>[] {
  return actions.filter((action) => action.applies?.(things) ?? true);
}

import type { RotationRow } from "../../shared/flowfabric/rotation-schema.ts";
import type { Action } from "../command/action.ts";
import { AbandonDialog, RetryDialog } from "./rotation-dialogs.tsx";
import { canRetry, retryLabel } from "./rotation-look.ts";
import { StartDialog } from "./start-dialog.tsx";

/** Begins a rotation; what it concerns is the one that is not over, which has to end first. */
export const startRotation: Action<RotationRow> = {
  id: "rotation-start",
  operation: "flowfabric.rotations.start",
  verb: "Rotate",
  synonyms: "new key secret",
  label: () => "Rotate the waitpoint secret",
  key: "n",
  primary: true,
  refusal: ([unfinished]) => unfinished && `The rotation to ${unfinished.keyId} has to end first.`,
  Dialog: (props) => <StartDialog {...props} />,
};

/** What can be done about a rotation that is not over. */
export const rotationActions: readonly Action<RotationRow>[] = [
  {
    id: "rotation-retry",
    operation: "flowfabric.rotations.retry",
    verb: "Retry",
    synonyms: "again",
    label: ([row]) => `Retry the rotation to ${row?.keyId} with the same key`,
    button: ([row]) => (row ? retryLabel(row) : "Retry"),
    key: "r",
    primary: true,
    applies: ([row]) => row !== undefined && canRetry(row),
    Dialog: ({ things: [row], ...rest }) => row && <RetryDialog {...rest} row={row} />,
  },
  {
    id: "rotation-abandon",
    operation: "flowfabric.rotations.abandon",
    verb: "Abandon",
    synonyms: "give up",
    label: ([row]) => `Abandon the rotation to ${row?.keyId}`,
    secondary: true,
    destructive: true,
    applies: ([row]) => row?.state === "unfinished",
    Dialog: ({ things: [row], ...rest }) => row && <AbandonDialog {...rest} row={row} />,
  },
];

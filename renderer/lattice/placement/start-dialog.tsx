import { StartComponentDialog } from "../start/start-component-dialog.tsx";
import { StartProviderDialog } from "../start/start-provider-dialog.tsx";
import type { AuctionQuestion } from "./auction-form.ts";

interface StartDialogProps {
  question: Pick<AuctionQuestion, "kind" | "id" | "imageReference">;
  /** The hosts that were chosen of the bidders. */
  hostIds: readonly string[];
  onClose: () => void;
}

/** Starts what was auctioned on the chosen hosts, and follows each start until it is settled. */
export function StartDialog({ question, hostIds, onClose }: StartDialogProps) {
  const { kind, id, imageReference } = question;
  const Dialog = kind === "component" ? StartComponentDialog : StartProviderDialog;
  return <Dialog what={{ id, imageReference }} hostIds={hostIds} onClose={onClose} />;
}

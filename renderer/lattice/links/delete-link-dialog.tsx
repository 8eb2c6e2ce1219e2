import { useState } from "react";
import type { LinkDeletion } from "../../../shared/lattice/link-operations.ts";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { usePreview } from "../../client/use-preview.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { FailureNotice } from "../../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../../ui/loading-skeleton.tsx";
import { Notice } from "../../ui/notice.tsx";
import { CopyAsMenu } from "../copy-as-menu.tsx";
import { deleteLinkCommands } from "./link-commands.ts";
import { linkKey, witOf } from "./link-views.ts";
import classes from "./links.module.css";

/** Deletes a link by what a deletion goes by, and says where that need not be the one that was opened. */
export function DeleteLinkDialog({ link, onClose }: { link: LinkRow; onClose: () => void }) {
  const { connectionId, lattice, profile } = useSelection();
  const [sent, setSent] = useState(false);
  const { sourceId, name, witNamespace, witPackage } = link;
  const input = { connectionId, lattice, sourceId, name, witNamespace, witPackage };
  const preview = usePreview("lattice.links.preview-delete", sent ? undefined : input);
  const matches = preview.data?.matches ?? [];
  return (
    <CommandDialog
      title={`Delete the link from ${sourceId} to ${link.target}`}
      name="lattice.links.delete"
      place={placeOf(profile)}
      inputs={matches.length > 0 ? [input] : undefined}
      itemHeading="Link"
      itemLabel={() => `${sourceId}, ${witOf(link)}, ${name}`}
      actionLabel={
        matches.length > 1
          ? `Delete one of ${matches.length} links of ${sourceId}`
          : `Delete the link from ${sourceId} to ${matches[0]?.target ?? link.target}`
      }
      destructive
      disabled={preview.pending || preview.failure !== undefined}
      copyAs={<CopyAsMenu what="Delete the link" commands={(place) => deleteLinkCommands(place, link)} />}
      onSend={() => setSent(true)}
      onClose={onClose}
    >
      <p>
        A deletion goes by the source <strong className="mono">{sourceId}</strong>, the package{" "}
        <strong className="mono">{witOf(link)}</strong> and the link name{" "}
        <strong className="mono">{name}</strong> only.
      </p>
      {preview.failure && <FailureNotice slim what="There is no preview" failure={preview.failure} />}
      {preview.data ? <Deletion deletion={preview.data} /> : <LoadingSkeleton rows={2} />}
    </CommandDialog>
  );
}

function Deletion({ deletion }: { deletion: LinkDeletion }) {
  const { matches, message, warnings } = deletion;
  const several = matches.length > 1;
  return (
    <div className={classes.preview}>
      {several && (
        <Notice
          tone="bad"
          shape="bang"
          title={`One of these ${matches.length} links goes, and it need not be the one that you opened`}
        >
          Nothing tells beforehand which; the receipt does. If another one has to stay, put it again
          afterwards, or under another link name.
        </Notice>
      )}
      <Notice slim role="status" tone="idle" shape="ring" title={message} />
      <ul className={classes.list} aria-label="Links with this key">
        {matches.map((match) => (
          <li key={linkKey(match)}>
            <strong>{several ? "may go" : "goes"}</strong>
            <span className="mono">
              {match.sourceId} → {match.target} · {witOf(match)}/{match.interfaces.join(", ")}
            </span>
          </li>
        ))}
      </ul>
      {warnings.map((warning) => (
        <Notice key={warning} slim tone="warn" shape="bang" title={warning} />
      ))}
    </div>
  );
}

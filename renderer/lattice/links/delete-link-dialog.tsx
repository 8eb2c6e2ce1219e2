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

/** Deletes a link by what a deletion goes by, and says which link that is: it need not be the one that was opened. */
export function DeleteLinkDialog({ link, onClose }: { link: LinkRow; onClose: () => void }) {
  const { connectionId, lattice, profile } = useSelection();
  const [sent, setSent] = useState(false);
  const { sourceId, name, witNamespace, witPackage } = link;
  const input = { connectionId, lattice, sourceId, name, witNamespace, witPackage };
  const preview = usePreview("lattice.links.preview-delete", sent ? undefined : input);
  const goes = preview.data?.matches[0];
  return (
    <CommandDialog
      title={`Delete the link from ${sourceId} to ${link.target}`}
      name="lattice.links.delete"
      place={placeOf(profile)}
      inputs={goes ? [input] : undefined}
      itemHeading="Link"
      itemLabel={() => `${sourceId}, ${witOf(link)}, ${name}`}
      actionLabel={`Delete the link from ${sourceId} to ${goes?.target ?? link.target}`}
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
      {preview.data ? <Deletion deletion={preview.data} opened={link} /> : <LoadingSkeleton rows={2} />}
    </CommandDialog>
  );
}

function Deletion({ deletion, opened }: { deletion: LinkDeletion; opened: LinkRow }) {
  const { matches, message, warnings } = deletion;
  const [goes] = matches;
  const other = goes !== undefined && linkKey(goes) !== linkKey(opened);
  return (
    <div className={classes.preview}>
      {other && (
        <Notice
          tone="bad"
          shape="bang"
          title={`Not the link that you opened: the one to ${goes.target} goes first`}
        >
          The one to {opened.target} can only be deleted after it. If the other one has to stay, put it again
          afterwards, or under another link name.
        </Notice>
      )}
      <Notice slim role="status" tone="idle" shape="ring" title={message} />
      <ul className={classes.list} aria-label="Links with this key">
        {matches.map((match, index) => (
          <li key={linkKey(match)} data-goes={index === 0 || undefined}>
            <strong>{index === 0 ? "goes" : "stays"}</strong>
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

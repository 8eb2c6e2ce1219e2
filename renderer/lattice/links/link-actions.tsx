import type { LinkRow } from "../../../shared/lattice/schema.ts";
import type { Action } from "../../command/action.ts";
import { DeleteLinkDialog } from "./delete-link-dialog.tsx";
import { PutLinkDialog } from "./put-link-dialog.tsx";

/** Puts a new link. */
export const putLink: Action<never> = {
  id: "link-put",
  operation: "lattice.links.put",
  verb: "Create link",
  synonyms: "new connect wit",
  label: () => "Create link",
  key: "n",
  primary: true,
  Dialog: ({ onClose }) => <PutLinkDialog onClose={onClose} />,
};

/** What can be done with a link. */
export const linkActions: readonly Action<LinkRow>[] = [
  {
    id: "link-change",
    operation: "lattice.links.put",
    verb: "Change",
    synonyms: "edit put",
    label: ([link]) => `Change the link ${endsOf(link)}`,
    key: "e",
    primary: true,
    Dialog: ({ things: [start], onClose }) => <PutLinkDialog start={start} onClose={onClose} />,
  },
  {
    id: "link-delete",
    operation: "lattice.links.delete",
    verb: "Delete",
    synonyms: "remove unlink",
    label: ([link]) => `Delete the link ${endsOf(link)}`,
    key: "d",
    destructive: true,
    Dialog: ({ things: [link], onClose }) => link && <DeleteLinkDialog link={link} onClose={onClose} />,
  },
];

function endsOf(link: LinkRow | undefined): string {
  return link ? `${link.sourceId} → ${link.target}` : "";
}

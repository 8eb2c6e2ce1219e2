import { useForm } from "@mantine/form";
import { useMemo, useState } from "react";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { usePreview } from "../../client/use-preview.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { useOpenKey } from "../../state/use-open-key.ts";
import { LinkFields } from "./link-fields.tsx";
import { type LinkForm, linkErrors, linkFormOf, linkInputOf } from "./link-form.ts";
import { LinkPreviewView } from "./link-preview.tsx";
import { linkKey, useLinkViews, witOf } from "./link-views.ts";

interface PutLinkDialogProps {
  /** The link that is changed; without it a new one is put. */
  start?: LinkRow | undefined;
  onClose: () => void;
}

/** Puts a link: checked as one types, with what it would do to the links that are there. */
export function PutLinkDialog({ start, onClose }: PutLinkDialogProps) {
  const { connectionId, lattice, profile } = useSelection();
  const { ends, views } = useLinkViews();
  const [, setOpenKey] = useOpenKey();
  const show = (other: LinkRow) => {
    setOpenKey(linkKey(other));
    onClose();
  };
  const knownIds = useMemo(
    () => new Set([...ends.keys(), ...(start ? [start.sourceId, start.target] : [])]),
    [ends, start],
  );
  const form = useForm<LinkForm>({
    initialValues: linkFormOf(start),
    validate: (values) => linkErrors(values, knownIds),
    validateInputOnChange: true,
  });
  const [sent, setSent] = useState(false);
  const input = linkInputOf({ connectionId, lattice }, form.values);
  const complete = Object.keys(linkErrors(form.values, knownIds)).length === 0;
  const preview = usePreview("lattice.links.preview-put", complete && !sent ? input : undefined);
  const link: LinkRow = { name: "default", sourceConfig: [], targetConfig: [], ...input };
  const ready = !preview.pending && !preview.failure && preview.data?.effect !== "conflict";
  return (
    <CommandDialog
      title={start ? "Change a link" : "Create link"}
      name="lattice.links.put"
      place={placeOf(profile)}
      inputs={complete ? [input] : undefined}
      itemHeading="Link"
      itemLabel={({ sourceId, target }) => `${sourceId} → ${target}`}
      actionLabel={
        complete ? `Link ${link.sourceId} to ${link.target} for ${witOf(link)}` : "Link source to target"
      }
      disabled={!ready}
      onSend={() => setSent(true)}
      onClose={onClose}
    >
      <LinkFields form={form} ends={ends} views={views} />
      <LinkPreviewView preview={preview} link={link} onShow={show} />
    </CommandDialog>
  );
}

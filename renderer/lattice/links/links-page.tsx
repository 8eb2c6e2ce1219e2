import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { useSelection } from "../../state/selection.ts";
import { useAddressParts } from "../../state/use-open-key.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import type { EmptyText } from "../../ui/data-table/table-states.tsx";
import { formatCount, formatQuantity } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { LatticeNotices } from "../lattice-notices.tsx";
import { useLatticeRow } from "../use-lattice-topic.ts";
import { DeleteLinkDialog } from "./delete-link-dialog.tsx";
import { linkColumns } from "./link-columns.tsx";
import { LinkDrawer } from "./link-drawer.tsx";
import { type LinkView, linkKey, useLinkViews } from "./link-views.ts";
import { PutLinkDialog } from "./put-link-dialog.tsx";

const keyOfView = (view: LinkView) => view.key;

/** All links of the selected lattice, live, with the ends that do not run. */
export function LinksPage() {
  const { connectionId, lattice } = useSelection();
  const { views, ends, ...links } = useLinkViews();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const dialog = useLinkDialog();
  const { openKey, setOpenKey } = dialog;
  const isRead = useLatticeRow()?.linksReadAt !== undefined;
  const open = views.find(({ key }) => key === openKey);
  return (
    <Page
      title="Links"
      counts={<LinkCounts views={views} isRead={isRead} />}
      notices={<LatticeNotices />}
      actions={
        <Button leftSection={<IconPlus size={14} />} onClick={dialog.put}>
          Create link…
        </Button>
      }
      drawer={
        open && (
          <LinkDrawer
            key={open.key}
            view={open}
            ends={ends}
            onClose={() => setOpenKey(undefined)}
            onStep={step}
            onChange={dialog.change}
            onDelete={dialog.remove}
          />
        )
      }
    >
      <DataTable
        key={`${connectionId}/${lattice}`}
        id="links"
        rows={views}
        rowKey={keyOfView}
        columns={linkColumns}
        phase={links.table}
        failure={links.failure}
        empty={isRead ? emptyText(dialog.put) : unread}
        onOpen={(view) => setOpenKey(view.key)}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
      />
      {dialog.shown?.kind === "put" && (
        <PutLinkDialog
          start={dialog.shown.link}
          ends={ends}
          views={views}
          onShow={(link) => dialog.close(linkKey(link))}
          onClose={() => dialog.close()}
        />
      )}
      {dialog.shown?.kind === "delete" && (
        <DeleteLinkDialog link={dialog.shown.link} onClose={() => dialog.close()} />
      )}
    </Page>
  );
}

const unread: EmptyText = {
  title: "The links have not been read",
  text: "Hosts report the links, and none has answered yet. The console keeps asking.",
};

function emptyText(onPut: () => void): EmptyText {
  return {
    title: "No link in this lattice",
    text: "A link lets a component or provider call another one for the interfaces of a WIT package.",
    action: <Button onClick={onPut}>Create link…</Button>,
  };
}

type ShownDialog = { kind: "put"; link?: LinkRow } | { kind: "delete"; link: LinkRow };

/** Drawer and dialog of the page; closing the dialog may open a drawer. */
function useLinkDialog() {
  const [parts, setParts] = useAddressParts();
  const [own, setOwn] = useState<ShownDialog>();
  const shown: ShownDialog | undefined = own ?? (parts.do === "put" ? { kind: "put" } : undefined);
  const put = () => setParts({ do: "put" });
  useShortcuts([
    { id: "link-put", label: "Create link", group: "Links", keys: "n", keyOnly: true, run: put },
  ]);
  return {
    openKey: parts.open,
    setOpenKey: (open: string | undefined) => setParts({ open }),
    shown,
    put,
    change: (link: LinkRow) => setOwn({ kind: "put", link }),
    remove: (link: LinkRow) => setOwn({ kind: "delete", link }),
    close: (open = parts.open) => {
      setOwn(undefined);
      setParts({ do: undefined, open });
    },
  };
}

function LinkCounts({ views, isRead }: { views: readonly LinkView[]; isRead: boolean }) {
  if (!isRead && views.length === 0) return null;
  const waiting = views.filter(({ missing }) => missing.length > 0).length;
  const parts = [
    formatQuantity(views.length, "link"),
    ...(isRead ? [] : ["known from events only"]),
    ...(waiting > 0 ? [`${formatCount(waiting)} with a missing end`] : []),
  ];
  return <>{parts.join(" · ")}</>;
}

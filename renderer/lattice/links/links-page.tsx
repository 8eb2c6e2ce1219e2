import { useState } from "react";
import { ActionButtons, BeginButton } from "../../command/action-buttons.tsx";
import { useSelection } from "../../state/selection.ts";
import { useOpenKey } from "../../state/use-open-key.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import type { EmptyText } from "../../ui/data-table/table-states.tsx";
import { formatCount, formatQuantity } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { LatticeNotices } from "../lattice-notices.tsx";
import { useLatticeRow } from "../use-lattice-topic.ts";
import { putLink } from "./link-actions.tsx";
import { linkColumns } from "./link-columns.tsx";
import { LinkDrawer } from "./link-drawer.tsx";
import { type LinkView, useLinkViews } from "./link-views.ts";

const pageActions = [putLink];
const none: never[] = [];
const keyOfView = (view: LinkView) => view.key;

/** All links of the selected lattice, live, with the ends that do not run. */
export function LinksPage() {
  const { connectionId, lattice } = useSelection();
  const { views, ends, ...links } = useLinkViews();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const [openKey, setOpenKey] = useOpenKey();
  const isRead = useLatticeRow()?.linksReadAt !== undefined;
  const open = views.find(({ key }) => key === openKey);
  return (
    <Page
      title="Links"
      counts={<LinkCounts views={views} isRead={isRead} />}
      notices={<LatticeNotices />}
      actions={<ActionButtons group="Links" actions={pageActions} things={none} />}
      drawer={
        open && (
          <LinkDrawer
            key={open.key}
            view={open}
            ends={ends}
            onClose={() => setOpenKey(undefined)}
            onStep={step}
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
        empty={isRead ? noLink : unread}
        onOpen={(view) => setOpenKey(view.key)}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
      />
    </Page>
  );
}

const unread: EmptyText = {
  title: "The links have not been read",
  text: "Hosts report the links, and none has answered yet. The console keeps asking.",
};

const noLink: EmptyText = {
  title: "No link in this lattice",
  text: "A link lets a component or provider call another one for the interfaces of a WIT package.",
  action: <BeginButton action={putLink} things={none} />,
};

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

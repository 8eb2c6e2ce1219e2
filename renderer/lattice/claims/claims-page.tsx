import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import type { OutputFor } from "../../../shared/catalogue.ts";
import type { Claim } from "../../../shared/lattice/artifact-operations.ts";
import { useOperation } from "../../client/query.ts";
import { ActionButtons } from "../../command/action-buttons.tsx";
import { useSelection } from "../../state/selection.ts";
import { useOpenKey } from "../../state/use-open-key.ts";
import { IdCell } from "../../ui/data-table/cells.tsx";
import type { DataColumn } from "../../ui/data-table/column.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { queryPhase } from "../../ui/data-table/query-phase.ts";
import { formatQuantity } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { ExactTime } from "../../ui/relative-time.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { giveCredentials } from "../registries/registry-actions.tsx";
import { ClaimDrawer } from "./claim-drawer.tsx";

/** The columns of the claims page; their ids are the names in the filter. */
const claimColumns: readonly DataColumn<Claim>[] = [
  {
    id: "name",
    header: "Name",
    width: 200,
    value: ({ name }) => name,
    render: ({ name }) => <strong>{name || "no name"}</strong>,
  },
  { id: "kind", header: "Kind", width: 100, value: ({ kind }) => kind },
  { id: "version", header: "Version", width: 90, mono: true, value: ({ version }) => version },
  {
    id: "revision",
    header: "Revision",
    width: 80,
    align: "end",
    value: ({ revision }) => revision,
    sortValue: ({ revision }) => Number(revision) || 0,
  },
  {
    id: "issuer",
    header: "Issuer",
    width: 150,
    mono: true,
    value: ({ issuer }) => issuer,
    render: ({ issuer }) => <IdCell id={issuer} />,
  },
  {
    id: "subject",
    header: "Signing key",
    width: 150,
    mono: true,
    value: ({ subject }) => subject,
    render: ({ subject }) => <IdCell id={subject} />,
  },
  { id: "tags", header: "Tags", width: 160, value: ({ tags }) => tags },
  { id: "alias", header: "Call alias", width: 110, mono: true, value: ({ callAlias }) => callAlias },
];

const pageActions = [giveCredentials];
const none: never[] = [];
const keyOfClaim = ({ subject }: Claim) => subject;

/** What the lattice has seen of signed artifacts, and the way to give hosts credentials of registries. */
export function ClaimsPage() {
  const { connectionId, lattice } = useSelection();
  const read = useOperation("lattice.claims.list", { connectionId, lattice });
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const again = () => void read.refetch();
  useShortcuts([
    { id: "claims-again", label: "Read the claims again", group: "Claims", keys: "r", run: again },
  ]);
  const claims = read.data?.claims ?? noClaims;
  const open = claims.find(({ subject }) => subject === openKey);
  return (
    <Page
      title="Claims"
      counts={read.data && <ClaimCounts list={read.data} />}
      notices={<ClaimNotices list={read.data} />}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconRefresh size={14} />}
            loading={read.isFetching && !read.isPending}
            onClick={again}
          >
            Refresh
          </Button>
          <ActionButtons group="Claims" actions={pageActions} things={none} />
        </>
      }
      drawer={
        open && (
          <ClaimDrawer key={open.subject} claim={open} onClose={() => setOpenKey(undefined)} onStep={step} />
        )
      }
    >
      <DataTable
        key={`${connectionId}/${lattice}`}
        id="claims"
        rows={claims}
        rowKey={keyOfClaim}
        columns={claimColumns}
        phase={queryPhase(read)}
        failure={read.error?.toData()}
        onRetry={again}
        empty={{
          title: "No signed artifact was seen in this lattice",
          text: "That is normal: most components and providers are not signed, and only signed ones have claims.",
        }}
        onOpen={({ subject }) => setOpenKey(subject)}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
      />
    </Page>
  );
}

const noClaims: readonly Claim[] = [];

type ClaimList = OutputFor<"lattice.claims.list">;

function ClaimCounts({ list }: { list: ClaimList }) {
  return (
    <>
      {formatQuantity(list.claims.length, "claim")} · read at <ExactTime at={list.readAt} />
    </>
  );
}

function ClaimNotices({ list }: { list: ClaimList | undefined }) {
  return (
    <>
      <Notice
        slim
        tone="idle"
        shape="ring"
        title="Expiry and capabilities are not available from the lattice"
      >
        {list?.note}
      </Notice>
      {list !== undefined && list.unreadable > 0 && (
        <Notice
          slim
          role="status"
          tone="warn"
          shape="question"
          title={`${formatQuantity(list.unreadable, "entry", "entries")} could not be read and ${list.unreadable === 1 ? "is" : "are"} left out`}
        />
      )}
    </>
  );
}

import { useForm } from "@mantine/form";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useSelection } from "../../state/selection.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { FailureNotice } from "../../ui/failure-notice.tsx";
import { Page } from "../../ui/page.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { CopyAsMenu } from "../copy-as-menu.tsx";
import { LatticeNotices } from "../lattice-notices.tsx";
import { StartComponentDialog } from "../start/start-component-dialog.tsx";
import { StartProviderDialog } from "../start/start-provider-dialog.tsx";
import { useLatticeTopic } from "../use-lattice-topic.ts";
import { AuctionFields } from "./auction-fields.tsx";
import { type AuctionForm, type AuctionQuestion, formErrors, formOf, questionOf } from "./auction-form.ts";
import { AuctionOutcome } from "./auction-outcome.tsx";
import { auctionCommands } from "./copy-auction.ts";
import { OpenAuction } from "./open-auction.tsx";
import { useAuction } from "./use-auction.ts";
import { useKnownIds, useKnownWorkloads } from "./use-known-workloads.ts";

/** From an auction to a placement: who would take it, who would not and why, and the start on those that are chosen. */
export function PlacementPage() {
  const { connectionId, lattice } = useSelection();
  return <Placement key={`${connectionId}/${lattice}`} />;
}

function Placement() {
  const [parameters] = useSearchParams();
  const knownIds = useKnownIds();
  const errorsOf = (values: AuctionForm) => formErrors(values, knownIds[values.kind]);
  const form = useForm<AuctionForm>({ initialValues: formOf(parameters), validate: errorsOf });
  const hosts = useLatticeTopic("lattice.hosts");
  const known = useKnownWorkloads(form.values.kind);
  const { auction, hold, replies } = useAuction();
  const [placing, setPlacing] = useState<{ question: AuctionQuestion; hostIds: readonly string[] }>();
  const here = hosts.rows.filter(({ status }) => status === "live" || status === "stale");
  const busy = auction.phase === "open";
  const ask = (simulated: boolean) => {
    if (!busy && !form.validate().hasErrors) void hold(questionOf(form.getValues()), simulated);
  };
  const group = "Placement";
  useShortcuts([
    { id: "auction-hold", label: "Run auction", group, keys: "mod+enter", run: () => ask(false) },
    {
      id: "auction-simulate",
      label: "Simulate the auction",
      group,
      keys: "mod+shift+enter",
      run: () => ask(true),
    },
  ]);
  const labelsOf = (hostId: string) => hosts.rows.find(({ id }) => id === hostId)?.labels ?? {};
  return (
    <Page
      title="Placement"
      counts="which hosts would take a component or a provider"
      notices={<LatticeNotices />}
      scroll
      actions={
        Object.keys(errorsOf(form.values)).length === 0 && (
          <CopyAsMenu
            what="This auction"
            commands={(place) => auctionCommands(place, questionOf(form.getValues()))}
          />
        )
      }
    >
      <AuctionFields form={form} hosts={here} known={known} busy={busy} onHold={ask} />
      {auction.phase === "none" && (
        <EmptyState
          title="No auction yet"
          text="Say what is to be placed. Every host is asked; those that would take it are ranked by their load, and for each of the others you see why it would not."
        />
      )}
      {auction.phase === "failed" && (
        <FailureNotice
          what="The auction could not be held"
          failure={auction.failure}
          onRetry={() => void hold(auction.question, auction.simulated)}
        />
      )}
      {auction.phase === "open" && (
        <OpenAuction key={auction.id} auction={auction} replies={replies} labelsOf={labelsOf} />
      )}
      {auction.phase === "over" && (
        <AuctionOutcome
          key={auction.endedAt}
          question={auction.question}
          result={auction.result}
          endedAt={auction.endedAt}
          labelsOf={labelsOf}
          onHold={() => void hold(auction.question, false)}
          onPlace={(hostIds) => setPlacing({ question: auction.question, hostIds })}
        />
      )}
      {placing && <StartDialog {...placing} onClose={() => setPlacing(undefined)} />}
    </Page>
  );
}

interface StartDialogProps {
  question: Pick<AuctionQuestion, "kind" | "id" | "imageReference">;
  /** The hosts that were chosen of the bidders. */
  hostIds: readonly string[];
  onClose: () => void;
}

/** Starts what was auctioned on the chosen hosts, and follows each start until it is settled. */
function StartDialog({ question, hostIds, onClose }: StartDialogProps) {
  const { kind, id, imageReference } = question;
  const Dialog = kind === "component" ? StartComponentDialog : StartProviderDialog;
  return <Dialog what={{ id, imageReference }} hostIds={hostIds} onClose={onClose} />;
}

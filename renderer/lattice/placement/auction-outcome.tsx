import { Button, NumberInput } from "@mantine/core";
import { useState } from "react";
import type { AuctionHost, AuctionResult } from "../../../shared/lattice/auction-operations.ts";
import { formatCount, formatDuration, formatQuantity } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { type AuctionQuestion, bestOf } from "./auction-form.ts";
import { BidderTable } from "./bidder-table.tsx";
import { NonBidders } from "./non-bidders.tsx";
import classes from "./placement.module.css";
import { outcomeSummary } from "./reasons.ts";
import { useKnownWorkloads } from "./use-known-workloads.ts";

interface AuctionOutcomeProps {
  question: AuctionQuestion;
  result: AuctionResult;
  endedAt: string;
  labelsOf: (hostId: string) => Readonly<Record<string, string>>;
  /** Holds the same auction, this time by asking. */
  onHold: () => void;
  onPlace: (hostIds: readonly string[]) => void;
}

/** What came of an auction: the ranked bidders to choose from, and the reason of each other host. */
export function AuctionOutcome(props: AuctionOutcomeProps) {
  const { question, result, labelsOf, onPlace } = props;
  const taken = useKnownWorkloads(question.kind).hostsOf(question.id);
  const bidders = result.hosts.filter(({ eligible }) => eligible);
  const others = result.hosts.filter(({ eligible }) => !eligible);
  const free = bidders.filter(({ hostId }) => !taken.has(hostId));
  const [marked, setMarked] = useState<ReadonlySet<string>>(() => new Set(bestOf(free, 1)));
  const chosen = new Set(free.flatMap(({ hostId }) => (marked.has(hostId) ? [hostId] : [])));
  const toggle = (hostId: string) => {
    const next = new Set(chosen);
    if (!next.delete(hostId)) next.add(hostId);
    setMarked(next);
  };
  return (
    <section className={classes.outcome} aria-label="Outcome of the auction">
      <Remarks {...props} />
      <div className={classes.sides}>
        <div className={classes.side}>
          <h2 className={classes.heading}>{formatQuantity(bidders.length, "host")} would take it</h2>
          {bidders.length > 0 && (
            <BidderTable
              bidders={bidders}
              labelsOf={labelsOf}
              chosen={result.simulated ? none : chosen}
              taken={taken}
              onToggle={result.simulated ? undefined : toggle}
            />
          )}
          {!result.simulated && (
            <PlaceBar
              question={question}
              free={free}
              chosen={chosen}
              onBest={(count) => setMarked(new Set(bestOf(free, count)))}
              onPlace={() => onPlace([...chosen])}
            />
          )}
        </div>
        <div className={classes.side}>
          <h2 className={classes.heading}>
            {others.length === 1 ? "1 not eligible" : `${formatCount(others.length)} not eligible`}
          </h2>
          {others.length > 0 && <NonBidders hosts={others} id={question.id} />}
        </div>
      </div>
    </section>
  );
}

const none: ReadonlySet<string> = new Set();

/** How the auction went, and what has to be known before anybody acts on it. */
function Remarks({ question, result, endedAt, onHold }: AuctionOutcomeProps) {
  const { simulated, notes, refusals, unreadable } = result;
  return (
    <div className={classes.remarks}>
      <p role="status" className={classes.summary}>
        <strong>{question.id}</strong>: {outcomeSummary(result.hosts)}
        <span className={classes.hint}>
          {" · "}
          {simulated ? "simulated" : `took ${formatDuration(result.tookMs)}`}
          {" · "}
          <RelativeTime at={endedAt} />
        </span>
      </p>
      {simulated && (
        <Notice
          slim
          tone="sim"
          shape="diamond"
          title="A simulation: nothing was sent"
          actions={
            <Button size="compact-xs" variant="default" onClick={onHold}>
              Ask the hosts
            </Button>
          }
        >
          Who would bid is computed from the labels and inventories last seen. No host has said so.
        </Notice>
      )}
      {notes
        .filter((note) => !(simulated && note.endsWith("nothing was sent.")))
        .map((note) => (
          <Notice key={note} slim tone="warn" shape="bang" title={note} />
        ))}
      {refusals.length > 0 && (
        <Notice
          slim
          tone="warn"
          shape="forbidden"
          title={`${formatQuantity(refusals.length, "host")} could not read the question`}
        >
          {[...new Set(refusals)].join(" · ")}
        </Notice>
      )}
      {unreadable > 0 && (
        <Notice
          slim
          tone="warn"
          shape="question"
          title={`${formatQuantity(unreadable, "message")} on the way back ${unreadable === 1 ? "was" : "were"} no answer and counted for nothing`}
        />
      )}
    </div>
  );
}

interface PlaceBarProps {
  question: AuctionQuestion;
  /** Bidders that may be chosen, the best first. */
  free: readonly AuctionHost[];
  chosen: ReadonlySet<string>;
  onBest: (count: number) => void;
  onPlace: () => void;
}

/** "Place on the best 2 of 4", and the way to the preview. */
function PlaceBar({ question, free, chosen, onBest, onPlace }: PlaceBarProps) {
  if (free.length === 0) return null;
  return (
    <div className={classes.place}>
      <NumberInput
        className={classes.best ?? ""}
        label={`Start on best of ${free.length}`}
        min={1}
        max={free.length}
        allowDecimal={false}
        value={chosen.size}
        onChange={(value) => onBest(Number(value) || 0)}
      />
      <Button disabled={chosen.size === 0} onClick={onPlace}>
        Start {question.id} on {formatQuantity(chosen.size, "host")}…
      </Button>
    </div>
  );
}

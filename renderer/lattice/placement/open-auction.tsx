import { Progress } from "@mantine/core";
import { useEffect, useState } from "react";
import type { AuctionHost } from "../../../shared/lattice/auction-operations.ts";
import { useSelection } from "../../state/selection.ts";
import { formatDuration } from "../../ui/format.ts";
import { BidderTable } from "./bidder-table.tsx";
import { NonBidders } from "./non-bidders.tsx";
import classes from "./placement.module.css";
import type { Auction } from "./use-auction.ts";

interface WindowLineProps {
  /** By the page's own clock, in milliseconds. */
  openedAt: number;
  windowMs: number;
  bids: number;
}

const lookMs = 80;

/** The time in which hosts may answer, as a thin line, and what has come so far. */
function WindowLine({ openedAt, windowMs, bids }: WindowLineProps) {
  const passed = Math.min(windowMs, usePassed(openedAt));
  const over = passed >= windowMs;
  return (
    <div className={classes.window}>
      <Progress
        size={3}
        radius={0}
        value={(passed / windowMs) * 100}
        aria-label="Window of the auction"
        transitionDuration={0}
      />
      <p role="status" className={classes.windowText}>
        {bids === 0 ? "No bid yet" : `${bids} ${bids === 1 ? "bid" : "bids"} so far`}
        {over
          ? " · the window is over; hosts whose part is in doubt are read once more"
          : ` · hosts may answer for ${formatDuration(windowMs)}`}
      </p>
    </div>
  );
}

function usePassed(openedAt: number): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), lookMs);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, now - openedAt);
}

interface OpenAuctionProps {
  auction: Extract<Auction, { phase: "open" }>;
  replies: readonly AuctionHost[];
  labelsOf: (hostId: string) => Readonly<Record<string, string>>;
}

const nothing: ReadonlySet<string> = new Set();

/** The answers as they come; the window is the profile's. */
export function OpenAuction({ auction, replies, labelsOf }: OpenAuctionProps) {
  const { profile } = useSelection();
  if (auction.simulated || !profile) return null;
  const bidders = replies.filter(({ eligible }) => eligible);
  const others = replies.filter(({ eligible }) => !eligible);
  return (
    <section className={classes.outcome} aria-label="Open auction">
      <WindowLine
        openedAt={auction.openedAt}
        windowMs={profile.target.auctionTimeoutMs}
        bids={replies.length}
      />
      {replies.length > 0 && (
        <div className={classes.sides}>
          <BidderTable
            bidders={bidders}
            labelsOf={labelsOf}
            chosen={nothing}
            taken={nothing}
            onToggle={undefined}
          />
          {others.length > 0 && <NonBidders hosts={others} id={auction.question.id} />}
        </div>
      )}
    </section>
  );
}

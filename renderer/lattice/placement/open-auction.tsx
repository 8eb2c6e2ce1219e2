import type { AuctionHost } from "../../../shared/lattice/auction-operations.ts";
import { useSelection } from "../../state/selection.ts";
import { BidderTable } from "./bidder-table.tsx";
import { NonBidders } from "./non-bidders.tsx";
import classes from "./placement.module.css";
import type { Auction } from "./use-auction.ts";
import { WindowLine } from "./window-line.tsx";

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

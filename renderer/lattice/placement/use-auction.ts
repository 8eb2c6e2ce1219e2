import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { asFailure, type FailureData } from "../../../shared/contract/index.ts";
import type { AuctionHost, AuctionResult } from "../../../shared/lattice/auction-operations.ts";
import { byFitness } from "../../../shared/lattice/auction-order.ts";
import { call } from "../../client/call.ts";
import { useTopic } from "../../client/use-topic.ts";
import { useSelection } from "../../state/selection.ts";
import { type AuctionQuestion, auctionInput } from "./auction-form.ts";

/** One auction, from the question to what came of it. */
export type Auction =
  | { phase: "none" }
  | { phase: "open"; id: string; question: AuctionQuestion; simulated: boolean; openedAt: number }
  | { phase: "over"; question: AuctionQuestion; result: AuctionResult; endedAt: string }
  | { phase: "failed"; question: AuctionQuestion; simulated: boolean; failure: FailureData };

const none: Auction = { phase: "none" };

/** Holds auctions, one at a time; `replies` are those of the open one as they come, the best first. */
export function useAuction() {
  const { connectionId, lattice } = useSelection();
  const [auction, setAuction] = useState<Auction>(none);
  const current = useRef("");
  useEffect(
    () => () => {
      current.current = "";
    },
    [],
  );
  const hold = useCallback(
    async (question: AuctionQuestion, simulated: boolean) => {
      const id = crypto.randomUUID();
      current.current = id;
      setAuction({ phase: "open", id, question, simulated, openedAt: performance.now() });
      const { name, input } = auctionInput(question, { connectionId, lattice });
      const end = await call(name, { ...input, simulate: simulated, auctionId: id } as never).then(
        (result): Auction => ({ phase: "over", question, result, endedAt: new Date().toISOString() }),
        (error): Auction => ({ phase: "failed", question, simulated, failure: asFailure(error).toData() }),
      );
      // Another one was begun, or the page was left.
      if (current.current === id) setAuction(end);
    },
    [connectionId, lattice],
  );
  const replies = useReplies(auction.phase === "open" ? auction.id : undefined);
  return { auction, hold, replies };
}

/** The answers to one auction; kept when the console forgets them a moment before it tells the result. */
function useReplies(auctionId: string | undefined): readonly AuctionHost[] {
  const { connectionId, lattice } = useSelection();
  const { rows } = useTopic("lattice.auctions", { connectionId, lattice });
  const seen = useRef<readonly AuctionHost[]>([]);
  return useMemo(() => {
    const now = rows.filter((row) => row.auctionId === auctionId);
    if (auctionId === undefined) seen.current = [];
    else if (now.length > 0) seen.current = now.sort(byFitness);
    return seen.current;
  }, [rows, auctionId]);
}

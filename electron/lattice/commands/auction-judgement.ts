import { ownValue } from "../../../shared/contract/index.ts";
import type { AuctionHost } from "../../../shared/lattice/auction-operations.ts";
import type { HostRow } from "../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../shared/lattice/version.ts";

/** What is asked of the hosts. */
export interface AuctionQuestion {
  kind: "component" | "provider";
  id: string;
  constraints: Record<string, string>;
  /** Nothing is sent: who fits would bid. */
  simulated: boolean;
}

/** What is known of one host when its part in an auction is judged. */
export interface AuctionKnowledge {
  host: HostRow;
  runs: boolean;
  /** Milliseconds until its bid; undefined: it did not bid. */
  bidAfterMs: number | undefined;
  /** Whether it answered a question of its own; undefined: it was not asked. */
  answers?: boolean | undefined;
}

/**
 * Says what became of a host and why (wasmcloud-control §5.6): constraints are compared with its labels exactly; who
 * runs a provider already stays silent, who runs a component already bids all the same on hosts 1.3.0-1.9.2.
 */
export function judge(question: AuctionQuestion, known: AuctionKnowledge): AuctionHost {
  const { host, runs } = known;
  const differences = labelDifferences(question.constraints, host.labels);
  const verdict = outcomeOf(question, known, differences);
  return {
    hostId: host.id,
    hostName: host.friendlyName,
    version: host.version,
    status: host.status,
    ...verdict,
    eligible: verdict.outcome === "bid" && !runs,
    ...(known.bidAfterMs !== undefined && { answeredAfterMs: known.bidAfterMs }),
    runsAlready: runs,
    differences,
    load: { components: host.componentCount, instances: host.instanceCount, providers: host.providerCount },
  };
}

/** A bid under an id that nobody answers to. */
export function foreignBid(hostId: string, afterMs: number): AuctionHost {
  return {
    hostId,
    hostName: hostId,
    version: "",
    status: "unknown",
    outcome: "wrong-bid",
    message: "A bid came under this id, but no such host answers in this lattice.",
    eligible: false,
    answeredAfterMs: afterMs,
    runsAlready: false,
    differences: [],
    load: { components: 0, instances: 0, providers: 0 },
  };
}

type Difference = AuctionHost["differences"][number];
type Outcome = Pick<AuctionHost, "outcome" | "message">;

function labelDifferences(wanted: Record<string, string>, labels: Record<string, string>): Difference[] {
  return Object.entries(wanted)
    .filter(([key, value]) => ownValue(labels, key) !== value)
    .map(([key, value]) => {
      const found = ownValue(labels, key);
      return found === undefined ? { key, wanted: value } : { key, wanted: value, found };
    });
}

function outcomeOf(
  question: AuctionQuestion,
  known: AuctionKnowledge,
  differences: readonly Difference[],
): Outcome {
  const bids = question.simulated ? wouldBid(question, known, differences) : known.bidAfterMs !== undefined;
  if (differences.length > 0) {
    const why = differences.map(differenceText).join("; ");
    if (!bids) return { outcome: "label-differs", message: sentence(why) };
    return { outcome: "wrong-bid", message: `It bid although its labels do not fit: ${why}.` };
  }
  if (known.runs) return runsAlready(question, bids);
  if (bids) {
    const message = question.simulated ? "Eligible, and would bid as far as is known." : "Eligible, and bid.";
    return { outcome: "bid", message };
  }
  return { outcome: "silent", message: silenceText(question, known) };
}

function runsAlready(question: AuctionQuestion, bids: boolean): Outcome {
  const here = `${question.id} runs there already`;
  if (!bids) return { outcome: "already-runs", message: `${here}.` };
  if (question.kind === "provider")
    return { outcome: "wrong-bid", message: `${here}, and yet it bid. Its bid cannot be trusted.` };
  const message = `${here}. Hosts 1.3.0 to 1.9.2 bid all the same, because they compare the image instead of the id.`;
  return { outcome: "already-runs", message };
}

function wouldBid(
  question: AuctionQuestion,
  { host, runs }: AuctionKnowledge,
  differences: readonly Difference[],
): boolean {
  if (differences.length > 0 || host.status === "lost" || host.status === "stopped") return false;
  if (!runs) return true;
  return question.kind === "component" && isAtLeast(host.version, "1.3.0") === true;
}

function silenceText(question: AuctionQuestion, { host, answers }: AuctionKnowledge): string {
  if (host.status === "lost" || host.status === "stopped")
    return `It is ${host.status}: nothing was heard of it lately.`;
  if (question.simulated) return "Nothing is known that would let it bid.";
  if (answers === false) return "Eligible, but answered neither the auction nor a direct request.";
  const off = isAtLeast(host.version, "1.5.1") ? " Auctions may be switched off there." : "";
  return `It fits and answers, but did not bid within the window.${off}`;
}

function differenceText({ key, wanted, found }: Difference): string {
  return found === undefined
    ? `it has no label ${key} (wanted ${wanted})`
    : `${key} is ${found}, not ${wanted}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

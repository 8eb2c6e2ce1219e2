import type { AuctionHost } from "../../../shared/lattice/auction-operations.ts";
import { formatCount } from "../../ui/format.ts";
import type { GlyphShape, Tone } from "../../ui/state-look.ts";

/** Why a host is no choice, in a few words, with how it looks. */
export interface Reason {
  text: string;
  tone: Tone;
  shape: GlyphShape;
}

const looks: Record<Exclude<AuctionHost["outcome"], "bid">, Omit<Reason, "text">> = {
  "label-differs": { tone: "idle", shape: "ring" },
  "already-runs": { tone: "idle", shape: "square" },
  silent: { tone: "warn", shape: "question" },
  "wrong-bid": { tone: "bad", shape: "bang" },
};

/** The chips of a host that is no choice; a label that differs is a chip of its own. */
export function reasonsOf(host: AuctionHost, id: string): Reason[] {
  const { outcome, status } = host;
  if (outcome === "bid") return [];
  const look = looks[outcome];
  const labels = host.differences.map(({ key, found }) => ({
    ...looks["label-differs"],
    text: found === undefined ? `no label ${key}` : `${key} is ${found}`,
  }));
  if (outcome === "label-differs") return labels;
  if (outcome === "already-runs") return [{ ...look, text: `already runs ${id}` }];
  if (outcome === "wrong-bid") return [{ ...look, text: "wrong bid" }, ...labels];
  const gone = status === "lost" || status === "stopped";
  return [gone ? { text: status, tone: "bad", shape: "cross" } : { ...look, text: "silent" }];
}

const words: [AuctionHost["outcome"], string, string][] = [
  ["bid", "bid", "bids"],
  ["already-runs", "runs it already", "run it already"],
  ["label-differs", "has other labels", "have other labels"],
  ["silent", "silent", "silent"],
  ["wrong-bid", "wrong bid", "wrong bids"],
];

/** Counts in words: "3 bids · 1 silent · 1 wrong bid". */
export function outcomeSummary(hosts: readonly Pick<AuctionHost, "outcome">[]): string {
  const parts = words.flatMap(([outcome, one, many]) => {
    const count = hosts.filter((host) => host.outcome === outcome).length;
    return count === 0 ? [] : [`${formatCount(count)} ${count === 1 ? one : many}`];
  });
  return parts.length === 0 ? "no answer" : parts.join(" · ");
}

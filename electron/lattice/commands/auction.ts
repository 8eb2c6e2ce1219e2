import type { AuctionHost, AuctionResult } from "../../../shared/lattice/auction-operations.ts";
import { byFitness } from "../../../shared/lattice/auction-order.ts";
import type { AuctionBid, Gathered, GatherOptions } from "../client/control-types.ts";
import type { LatticeSession } from "../session/lattice-session.ts";
import { type AuctionKnowledge, type AuctionQuestion, foreignBid, judge } from "./auction-judgement.ts";

export interface AuctionParams extends AuctionQuestion {
  imageReference: string;
  /** Its answers are told under this id while it is open. */
  auctionId?: string | undefined;
}

/** When each host bid first, in milliseconds since the question. */
type Bids = Map<string, number>;

interface Gathering {
  bids: Bids;
  refusals: string[];
  unreadable: number;
  tookMs: number;
  noResponders: boolean;
}

/**
 * Holds an auction, or only computes it, and judges every host that is known. Hosts whose part is in doubt are read
 * once more, so that no stale label decides. Rejects where the connection does not let it be sent.
 */
export async function holdAuction(lattice: LatticeSession, params: AuctionParams): Promise<AuctionResult> {
  try {
    return await resultOf(lattice, params);
  } finally {
    if (params.auctionId !== undefined) lattice.auctions.clear(params.auctionId);
  }
}

async function resultOf(lattice: LatticeSession, params: AuctionParams): Promise<AuctionResult> {
  const gathering = params.simulated ? nothingSent() : await ask(lattice, params);
  const answers = params.simulated
    ? new Map<string, boolean>()
    : await readDoubtful(lattice, params, gathering.bids);
  const hosts = judgeAll(lattice, params, { bids: gathering.bids, answers });
  const { kind, id, imageReference, constraints, simulated } = params;
  return {
    kind,
    id,
    imageReference,
    constraints,
    simulated,
    windowMs: lattice.client.auctionTimeoutMs,
    tookMs: gathering.tookMs,
    hosts,
    refusals: gathering.refusals,
    unreadable: gathering.unreadable,
    notes: notes(params, gathering, hosts),
  };
}

function nothingSent(): Gathering {
  return { bids: new Map(), refusals: [], unreadable: 0, tookMs: 0, noResponders: false };
}

async function ask(lattice: LatticeSession, params: AuctionParams): Promise<Gathering> {
  const startedAt = performance.now();
  const since = (): number => Math.round(performance.now() - startedAt);
  const bids: Bids = new Map();
  const tell = bidTeller(lattice, params);
  const onReply = ({ hostId }: AuctionBid): void => {
    if (bids.has(hostId)) return;
    const afterMs = since();
    bids.set(hostId, afterMs);
    tell(hostId, afterMs);
  };
  const gathered = await auction(lattice, params, { onReply });
  return {
    bids,
    refusals: gathered.refusals.map(({ message }) => message),
    unreadable: gathered.skipped,
    tookMs: since(),
    noResponders: gathered.ended === "no-responders",
  };
}

/** Tells each bid as soon as it comes, judged by what is known so far. */
function bidTeller(
  lattice: LatticeSession,
  params: AuctionParams,
): (hostId: string, afterMs: number) => void {
  const { auctionId } = params;
  if (auctionId === undefined) return () => undefined;
  const runningOn = placesOf(lattice, params);
  return (hostId, afterMs) => {
    const host = lattice.host(hostId);
    const judged = host
      ? judge(params, { host, runs: runningOn.has(hostId), bidAfterMs: afterMs })
      : foreignBid(hostId, afterMs);
    lattice.auctions.put({ ...judged, auctionId });
  };
}

function auction(
  { client }: LatticeSession,
  { kind, id, imageReference, constraints }: AuctionParams,
  options: GatherOptions<AuctionBid>,
): Promise<Gathered<AuctionBid>> {
  if (kind === "component")
    return client.auctionComponent({ imageReference, componentId: id, constraints }, options);
  return client.auctionProvider({ imageReference, providerId: id, constraints }, options);
}

/** Reads the hosts whose answer does not fit what is known of them; tells who answered. */
async function readDoubtful(
  lattice: LatticeSession,
  params: AuctionParams,
  bids: Bids,
): Promise<Map<string, boolean>> {
  const unknown = [...bids.keys()].filter((hostId) => !lattice.host(hostId));
  const doubtful = judgeAll(lattice, params, { bids, answers: new Map() })
    .filter(({ outcome, status }) => outcome === "wrong-bid" || (outcome === "silent" && status !== "lost"))
    .map(({ hostId }) => hostId);
  const asked = [...new Set([...unknown, ...doubtful])];
  const results = await Promise.allSettled(asked.map((hostId) => lattice.hostInventory(hostId)));
  return new Map(asked.map((hostId, index) => [hostId, results[index]?.status === "fulfilled"]));
}

function judgeAll(
  lattice: LatticeSession,
  params: AuctionParams,
  heard: { bids: Bids; answers: Map<string, boolean> },
): AuctionHost[] {
  const known = lattice.hosts().filter(({ id, status }) => status !== "stopped" || heard.bids.has(id));
  const runningOn = placesOf(lattice, params);
  const judged = known.map((host) => {
    const knowledge: AuctionKnowledge = {
      host,
      runs: runningOn.has(host.id),
      bidAfterMs: heard.bids.get(host.id),
      answers: heard.answers.get(host.id),
    };
    return judge(params, knowledge);
  });
  const foreign = [...heard.bids].filter(([hostId]) => !lattice.host(hostId));
  return [...judged, ...foreign.map(([hostId, afterMs]) => foreignBid(hostId, afterMs))].sort(byFitness);
}

function placesOf(lattice: LatticeSession, { kind, id }: AuctionQuestion): Set<string> {
  const rows = kind === "component" ? lattice.components() : lattice.providers();
  return new Set(rows.filter((row) => row.id === id).map(({ hostId }) => hostId));
}

function notes(params: AuctionParams, gathering: Gathering, hosts: readonly AuctionHost[]): string[] {
  const list: string[] = [];
  if (params.simulated) list.push("Computed from the labels and inventories last seen; nothing was sent.");
  else if (gathering.noResponders) list.push("No host of this lattice takes part in such auctions.");
  if (params.imageReference.startsWith("wasmcloud+builtin://"))
    list.push(
      "Hosts bid for builtin providers even where they are switched off; from 1.8.0 on a start is then never answered.",
    );
  if (!hosts.some(({ eligible }) => eligible)) list.push("No host is eligible.");
  return list;
}

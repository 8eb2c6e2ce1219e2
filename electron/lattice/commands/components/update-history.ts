import type { Activity } from "../../../../shared/contract/index.ts";
import type { HostRow } from "../../../../shared/lattice/schema.ts";
import type { ActivityHistory, Place } from "../config-history.ts";
import { keepsOldCode } from "./component-facts.ts";
import type { KnownUpdate } from "./known-update.ts";
import { type ScaledEvent, UpdatePairs } from "./update-pairs.ts";
import { type EventHistory, recallUpdates, type SeenUpdate, seenUpdate } from "./update-recall.ts";

type ComponentPlace = Omit<Place, "kind">;
type UpdatedHost = Pick<HostRow, "version" | "startedAt">;

/** An update that we sent. */
interface OwnUpdate {
  at: string;
  imageReference: string | undefined;
  open: boolean;
}

/** What is known of one component's updates. */
interface Memory {
  /** By activity, oldest first. */
  own: Map<string, OwnUpdate>;
  /** The last one that events showed, ours among them. */
  seen?: Pick<SeenUpdate, "at" | "imageReference"> | undefined;
  /** When another image was found than the one that ran before the connection was lost. */
  changedAt?: string | undefined;
}

/** How far back the log is read for updates. */
const furthest = 1_000;
/** Of so many components of one connection updates are kept; the oldest go first. */
const most = 10_000;
/** So many of our own updates of one component. */
const mostOwn = 20;

const openStates = new Set<Activity["state"]>(["recorded", "sent", "acknowledged", "unknown"]);
const doneStates = new Set<Activity["state"]>(["confirmed", "verified"]);

/**
 * Remembers updates, ours and other people's: code from before one goes on answering until the host's process ends, and nothing
 * that can be read afterwards tells of it (wasmcloud-control §2.7, trap 44).
 */
export class UpdateHistory {
  private readonly byConnection = new Map<string, Map<string, Memory>>();
  private readonly recalls = new Map<string, Promise<void>>();
  private readonly pairs = new Map<string, UpdatePairs>();

  constructor(
    private readonly log: ActivityHistory,
    private readonly events: EventHistory,
  ) {}

  /** The last update of a component since its host started, as far as is known; undefined where none leaves old code answering. */
  known(place: ComponentPlace, host: UpdatedHost | undefined): KnownUpdate | undefined {
    return keepsOldCode(host?.version) ? this.sinceStart(place, host).at(-1) : undefined;
  }

  /** When our own update of a component was sent that its host may still be working on. */
  openSince(place: ComponentPlace, host: UpdatedHost | undefined): string | undefined {
    return this.sinceStart(place, host).findLast(({ origin }) => origin === "open")?.at;
  }

  /** Reads the kept events of a connection, once; resolves also where they cannot be read, and are tried again next time. */
  recall(connectionId: string): Promise<void> {
    const begun = this.recalls.get(connectionId) ?? this.readBack(connectionId);
    this.recalls.set(connectionId, begun);
    return begun;
  }

  /** Takes note of an activity that has moved on. */
  remember(activity: Activity): void {
    const memory = this.byConnection.get(activity.connectionId);
    if (memory) noteOwn(memory, activity);
  }

  /** Takes note of an event that may be part of an update. */
  hear(connectionId: string, lattice: string, event: ScaledEvent, at: string): void {
    const pairs = this.pairs.get(connectionId) ?? new UpdatePairs();
    this.pairs.set(connectionId, pairs);
    if (pairs.endsUpdate(event, Date.parse(at))) this.noteSeen(connectionId, seenUpdate(event, lattice, at));
  }

  /** Takes note of an image that was another one before the connection was lost, in the same process of its host. */
  imageChanged(place: ComponentPlace, at: string): void {
    memoryOf(this.memory(place.connectionId), keyOf(place)).changedAt = at;
  }

  /** A host that was started since has forgotten all updates. */
  private sinceStart(place: ComponentPlace, host: UpdatedHost | undefined): KnownUpdate[] {
    const memory = this.memory(place.connectionId).get(keyOf(place));
    const startedMs = host?.startedAt === undefined ? -Infinity : Date.parse(host.startedAt);
    return memory ? possible(memory).filter(({ at }) => startedMs <= Date.parse(at)) : [];
  }

  private async readBack(connectionId: string): Promise<void> {
    try {
      for (const seen of await recallUpdates(this.events, connectionId)) this.noteSeen(connectionId, seen);
    } catch {
      this.recalls.delete(connectionId);
    }
  }

  private noteSeen(connectionId: string, { at, imageReference, ...place }: SeenUpdate): void {
    const memory = memoryOf(this.memory(connectionId), keyOf(place));
    if (memory.seen === undefined || memory.seen.at <= at) memory.seen = { at, imageReference };
  }

  private memory(connectionId: string): Map<string, Memory> {
    const known = this.byConnection.get(connectionId);
    if (known) return known;
    const memory = new Map<string, Memory>();
    for (const activity of this.log.list({ connectionId, limit: furthest }).reverse())
      noteOwn(memory, activity);
    this.byConnection.set(connectionId, memory);
    return memory;
  }
}

/** Least certain first, and of the certain ones the newest last. */
function possible({ own, seen, changedAt }: Memory): KnownUpdate[] {
  const updates = [...own.values()];
  const isShown = ({ at, imageReference }: OwnUpdate): boolean =>
    seen !== undefined && seen.imageReference === imageReference && at <= seen.at;
  const isOpen = (update: OwnUpdate): boolean => update.open && !isShown(update);
  const certain: KnownUpdate[] = updates
    .filter((update) => !isOpen(update))
    .map(({ at }) => ({ at, origin: "sent" as const }));
  if (seen && !updates.some(isShown)) certain.push({ at: seen.at, origin: "seen" });
  certain.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return [
    ...(changedAt === undefined ? [] : [{ at: changedAt, origin: "image-changed" as const }]),
    ...updates.filter(isOpen).map(({ at }) => ({ at, origin: "open" as const })),
    ...certain,
  ];
}

function noteOwn(
  memories: Map<string, Memory>,
  { id, operation, state, target, input, startedAt, reply }: Activity,
): void {
  // Where it is going is told completely once it has been made ready.
  if (operation !== "lattice.components.update" || !target?.hostId || !target.lattice) return;
  const key = keyOf({ lattice: target.lattice, hostId: target.hostId, id: target.id });
  const open = openStates.has(state);
  if ((!open && !doneStates.has(state)) || hadNothingToDo(reply)) {
    memories.get(key)?.own.delete(id);
    return;
  }
  const { own } = memoryOf(memories, key);
  const { imageReference } = input as { imageReference?: string };
  own.set(id, { at: startedAt, imageReference, open });
  const [oldest] = own.keys();
  if (own.size > mostOwn && oldest !== undefined) own.delete(oldest);
}

function memoryOf(memories: Map<string, Memory>, key: string): Memory {
  const memory: Memory = memories.get(key) ?? { own: new Map() };
  memories.delete(key);
  memories.set(key, memory);
  const [oldest] = memories.keys();
  if (memories.size > most && oldest !== undefined) memories.delete(oldest);
  return memory;
}

/** The host had the image already; its text is the same in all versions that have one (wasmcloud-control §2.7). */
function hadNothingToDo(reply: unknown): boolean {
  const message = (reply as { message?: unknown } | null | undefined)?.message;
  return typeof message === "string" && / already updated to /.test(message);
}

function keyOf({ lattice, hostId, id }: { lattice: string; hostId: string; id: string }): string {
  return `${lattice}/${hostId}/${id}`;
}

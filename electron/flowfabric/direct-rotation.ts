import { setTimeout as sleep } from "node:timers/promises";
import { forEachBounded } from "./bounded.ts";
import { type PartitionOutcome, type RotationCall, rotatePartition } from "./partitions.ts";
import type { ValkeyStore } from "./valkey.ts";

export interface DirectRotation {
  store: ValkeyStore;
  /** Which partitions to rotate, in order. */
  partitions: readonly number[];
  call: RotationCall;
  onSending(partition: number): void;
  onOutcome(partition: number, outcome: PartitionOutcome): void;
  /** Ends the sending; what is on its way is still waited for. */
  signal: AbortSignal;
  /** How long a broken connection is waited for before its partitions are given up for now. */
  reconnectMs?: number;
}

const inFlight = 48;
const triesEach = 6;
/** Doubled after each try: a cluster takes seconds to put a replica in the place of a primary (flowfabric-admin §3.4). */
const pauseMs = 100;

/**
 * Rotates the given partitions, many at a time. A partition whose call broke is tried again when Valkey is back: the same
 * pair may always be sent again while nobody else rotates (flowfabric-admin §3.3, §5.6). Never throws.
 */
export async function rotateDirectly(rotation: DirectRotation): Promise<void> {
  const { partitions, signal } = rotation;
  const reconnection = new Reconnection(rotation.reconnectMs ?? 10_000, signal);
  const work = async (partition: number): Promise<void> => {
    rotation.onSending(partition);
    rotation.onOutcome(partition, await untilSettled(rotation, partition, reconnection));
  };
  await forEachBounded(partitions, inFlight, work, signal);
}

async function untilSettled(
  { store, call, signal }: DirectRotation,
  partition: number,
  reconnection: Reconnection,
): Promise<PartitionOutcome> {
  let mayHaveArrived = false;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await rotatePartition(store, partition, call);
    if (outcome.status !== "failed") return outcome;
    // A call without an answer may still be carried out after a later one was not.
    mayHaveArrived ||= outcome.mayHaveArrived;
    const last = !outcome.passing || attempt === triesEach || signal.aborted;
    if (last || !(await reconnection.wait(store, pauseMs * 2 ** (attempt - 1))))
      return { ...outcome, mayHaveArrived };
  }
}

/** Waits for a connection to come back, once for all that need it; when it did not in time, nobody waits again. */
class Reconnection {
  private waiting: Promise<boolean> | undefined;
  private over = false;

  constructor(
    private readonly timeoutMs: number,
    private readonly signal: AbortSignal,
  ) {}

  async wait(store: ValkeyStore, readyMs: number): Promise<boolean> {
    if (this.over) return false;
    if (store.isReady) {
      await sleep(readyMs);
      return true;
    }
    this.waiting ??= store.whenReady(this.timeoutMs, this.signal).finally(() => {
      this.waiting = undefined;
    });
    const ready = await this.waiting;
    this.over ||= !ready;
    return ready;
  }
}

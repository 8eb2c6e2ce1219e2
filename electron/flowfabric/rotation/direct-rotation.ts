import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { forEachBounded } from "../valkey/bounded.ts";
import { type PartitionOutcome, type RotationCall, rotatePartition } from "../valkey/partitions.ts";
import type { ValkeyStore } from "../valkey/valkey.ts";

export interface DirectRotation {
  store: ValkeyStore;
  /** Which partitions to rotate, in order. */
  partitions: readonly number[];
  call: RotationCall;
  onSending(partition: number): void;
  onOutcome(partition: number, outcome: PartitionOutcome): void;
  /** Ends the sending; what is on its way is still waited for. */
  signal: AbortSignal;
  /** How long what is wrong may last before the partitions that it concerns are given up for now. */
  patienceMs?: number;
}

const inFlight = 48;
/** A cluster puts a replica in the place of a primary after its node timeout, 15 s by default, and some more. */
const defaultPatienceMs = 20_000;
const firstPauseMs = 100;
const longestPauseMs = 1_600;

type Failed = Extract<PartitionOutcome, { status: "failed" }>;

/**
 * Rotates the given partitions, many at a time. Those whose call broke are tried again, once all others are done: the same
 * pair may always be sent again while nobody else rotates (flowfabric-admin §3.3, §5.6). Never throws.
 */
export async function rotateDirectly(rotation: DirectRotation): Promise<void> {
  const { store, partitions, call, signal, patienceMs = defaultPatienceMs } = rotation;
  const recovery = new Recovery({ store, patienceMs, signal });
  const broken: [partition: number, first: Failed][] = [];
  const tryOnce = async (partition: number): Promise<void> => {
    rotation.onSending(partition);
    const outcome = await rotatePartition(store, partition, call);
    if (outcome.status === "failed" && outcome.passing) broken.push([partition, outcome]);
    else rotation.onOutcome(partition, outcome);
  };
  await forEachBounded(partitions, inFlight, tryOnce, signal);
  await forEachBounded(broken, inFlight, async ([partition, first]) =>
    rotation.onOutcome(partition, await untilSettled(rotation, { partition, first, recovery })),
  );
}

async function untilSettled(
  { store, call }: DirectRotation,
  { partition, first, recovery }: { partition: number; first: Failed; recovery: Recovery },
): Promise<PartitionOutcome> {
  let last = first;
  for (let pauseMs = firstPauseMs; last.passing; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    if (!(await recovery.wait(pauseMs))) break;
    const outcome = await rotatePartition(store, partition, call);
    if (outcome.status !== "failed") return outcome;
    // A call without an answer may still be carried out after a later one was not.
    last = { ...outcome, mayHaveArrived: last.mayHaveArrived || outcome.mayHaveArrived };
  }
  return last;
}

interface RecoveryParts {
  store: ValkeyStore;
  patienceMs: number;
  signal: AbortSignal;
}

/** Waits for what is wrong to pass, from its first sign on for all partitions together. */
class Recovery {
  private until: number | undefined;
  private reconnecting: Promise<boolean> | undefined;

  constructor(private readonly parts: RecoveryParts) {
    // Each partition that waits listens.
    setMaxListeners(0, parts.signal);
  }

  /** Whether to try again, after a pause at least. */
  async wait(pauseMs: number): Promise<boolean> {
    const { store, patienceMs, signal } = this.parts;
    const now = performance.now();
    this.until ??= now + patienceMs;
    const left = this.until - now;
    if (left <= 0 || signal.aborted) return false;
    if (!store.isReady) return this.reconnected(left);
    await sleep(Math.min(pauseMs, left), undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  }

  private reconnected(timeoutMs: number): Promise<boolean> {
    this.reconnecting ??= this.parts.store.whenReady(timeoutMs, this.parts.signal).finally(() => {
      this.reconnecting = undefined;
    });
    return this.reconnecting;
  }
}

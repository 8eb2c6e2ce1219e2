import { asFailure, Failure } from "../../../shared/contract/index.ts";
import type { PartitionKeys, RotationRow } from "../../../shared/flowfabric/rotation-schema.ts";
import { readFirst } from "../commands/command-parts.ts";
import { applyReadBack } from "./rotation-read-back.ts";
import type { RotationRecord } from "./rotation-record.ts";
import {
  abandonRow,
  afterRestart,
  beginAttempt,
  endAttempt,
  hasEnded,
  type RotationAttempt,
  withdrawAttempt,
} from "./rotation-row.ts";
import type { RotationPlaces, RotationSecret } from "./rotation-secret.ts";

/** What an attempt may use while it sends. */
export interface Sending {
  row: RotationRow;
  secretHex: string;
  /** Aborted by whoever stops the rotation, and where its connection is removed. */
  signal: AbortSignal;
  /** To be called after each change of the row. */
  onProgress(): void;
}

/** One attempt, as the way to the partitions carries it out. */
export interface AttemptSteps {
  /** The servers that the secret will be sent to. */
  places: RotationPlaces;
  /** What has to be known before anything is sent; where it throws, no attempt begins. */
  prepare(row: RotationRow): Promise<void>;
  /** Sends; throws the failure of an attempt that got no usable answer. */
  send(sending: Sending): Promise<void>;
}

export interface RotationParts {
  record: RotationRecord;
  secret: RotationSecret;
  now(): number;
  /** Called with an error after an attempt, whose own outcome it must not hide. */
  onError(error: unknown): void;
}

/** What has the rotation for itself at the moment. */
interface Work {
  stop: AbortController;
  ended: Promise<void>;
}

/**
 * One rotation with its row and its secret. Whatever sends its pair or ends it has the rotation for itself, from the turn in
 * which it is asked for until it is over: there is no second attempt beside a first, and the secret outlives whoever sends it.
 */
export class Rotation {
  private work: Work | undefined;
  private claims = 0;
  private removed = false;

  constructor(private readonly parts: RotationParts) {}

  /** The row as it stands, to be read. */
  get row(): Readonly<RotationRow> {
    return this.parts.record.row;
  }

  /** Keeps the secret and the row. Throws where either cannot be kept, and then keeps neither. */
  create(secretHex: string | undefined, places: RotationPlaces): Promise<void> {
    const { record, secret, onError } = this.parts;
    return this.claim(async () => {
      try {
        await secret.keep(secretHex, places);
        record.insert();
      } catch (error) {
        record.seal();
        await secret.destroy().catch(onError);
        throw error;
      }
    });
  }

  /** Takes over what an earlier run of the console left behind. */
  recover(): void {
    const { record, secret, onError } = this.parts;
    const { row } = record;
    const held = secret.exists;
    const changed = afterRestart(row);
    if (hasEnded(row) && held) void this.claim(() => this.settle()).catch(onError);
    else if (changed || row.secret.held !== held) {
      row.secret.held = held;
      record.save();
    }
  }

  /** One attempt, to its end. Throws `conflict` while none may be made, and the failure of one that got no usable answer. */
  async attempt(steps: AttemptSteps): Promise<void> {
    const { record, now, onError } = this.parts;
    const { row } = record;
    this.requireUnfinished("Only an unfinished rotation can be retried.");
    await this.claim(async (signal) => {
      const { attempt, secretHex } = await readFirst(this.begin(steps, signal));
      let failure: Failure | undefined;
      try {
        await steps.send({ row, secretHex, signal, onProgress: () => record.touch() });
      } catch (error) {
        failure = asFailure(error);
      }
      endAttempt(row, attempt, { now: now(), failure });
      await this.settle().catch(onError);
      if (failure) throw failure;
    });
  }

  /** Sends to no further partition. */
  stop(): void {
    this.work?.stop.abort();
  }

  /** Gives it up and destroys its secret. Throws `conflict` while an attempt is under way. */
  async abandon(): Promise<void> {
    const { row } = this.parts.record;
    this.requireUnfinished("Only an unfinished rotation can be abandoned.");
    await this.claim(async () => {
      abandonRow(row, "Given up by an operator; its secret was destroyed.");
      try {
        await this.settle();
      } catch (error) {
        row.state = "unfinished";
        delete row.endedAt;
        throw error;
      }
    });
  }

  /** Ends what is under way, and then forgets the rotation and its secret. */
  async remove(): Promise<void> {
    const { record, secret } = this.parts;
    this.removed = true;
    // Should the console end before this does, its next start finds an end on disk and destroys the secret.
    abandonRow(record.row, "Its connection was removed.");
    record.save();
    record.seal();
    this.stop();
    await this.work?.ended;
    await secret.destroy();
    record.erase();
  }

  /** Sends nothing more; what is on disk stays as it is from now on. */
  close(): void {
    this.stop();
    this.parts.record.seal();
  }

  /** Begins to look at the partitions; the keys given to what it answers count unless an attempt was made meanwhile. */
  look(): (keys: readonly PartitionKeys[]) => void {
    const claims = this.work ? undefined : this.claims;
    return (keys) => {
      if (this.claims !== claims) return;
      applyReadBack(this.parts.record.row, keys, this.parts.now());
      this.parts.record.touch();
    };
  }

  private claim(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const work: Work = { stop: new AbortController(), ended: Promise.resolve() };
    this.work = work;
    this.claims += 1;
    const result = run(work.stop.signal).finally(() => {
      this.work = undefined;
    });
    work.ended = result.catch(() => undefined);
    return result;
  }

  private requireUnfinished(hint: string): void {
    const { row, work, removed } = this;
    if (row.state === "unfinished" && !work && !removed) return;
    const state = removed ? "removed" : work ? "running" : row.state;
    throw conflict(row, `This rotation is ${state}.`, hint);
  }

  private async begin(
    { places, prepare }: AttemptSteps,
    signal: AbortSignal,
  ): Promise<{ attempt: RotationAttempt; secretHex: string }> {
    const { record, secret, now } = this.parts;
    const { row } = record;
    await prepare(row);
    row.secret.held = secret.exists;
    record.touch();
    const secretHex = await secret.read(places);
    if (signal.aborted)
      throw conflict(row, "The rotation was stopped before anything was sent.", "Retry or abandon it.");
    const attempt = beginAttempt(row, now());
    try {
      // After a crash, only what is on disk tells that something may have been sent.
      record.write();
    } catch (error) {
      withdrawAttempt(row, attempt);
      throw error;
    }
    record.touch();
    return { attempt, secretHex };
  }

  /** Writes where the rotation stands. The secret of one that has ended is destroyed, once that end is on disk. */
  private async settle(): Promise<void> {
    const { record, secret, now } = this.parts;
    const { row } = record;
    try {
      if (hasEnded(row)) row.endedAt ??= new Date(now()).toISOString();
      record.write();
      if (!hasEnded(row) || record.isSealed) return;
      await secret.destroy();
      row.secret.held = false;
      record.write();
    } finally {
      record.emit();
    }
  }
}

function conflict({ id }: RotationRow, message: string, hint: string): Failure {
  return new Failure({ code: "conflict", message, details: { rotationId: id, delivered: false }, hint });
}

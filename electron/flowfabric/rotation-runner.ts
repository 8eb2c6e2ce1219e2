import { asFailure, type Failure } from "../../shared/contract/index.ts";
import type { RotationRow } from "../../shared/flowfabric/rotation-schema.ts";
import { rotateDirectly } from "./direct-rotation.ts";
import { answerDetails } from "./http-failure.ts";
import { readAllKeys } from "./partitions.ts";
import type { RotationLedger } from "./rotation-ledger.ts";
import {
  addNotice,
  applyOutcome,
  applyReadBack,
  applyReply,
  beginAttempt,
  endAttempt,
  markAllFailed,
  markSending,
  markUnknown,
  openPartitions,
  reckonGrace,
  summaryOf,
} from "./rotation-row.ts";
import type { FlowfabricSession } from "./session.ts";

export interface RotationRunnerParts {
  ledger: RotationLedger;
  now(): number;
  /** Milliseconds that the HTTP route is waited for; above the server's own deadline. */
  httpTimeoutMs: number;
}

/** Carries out attempts of rotations and writes down what each partition says. */
export class RotationRunner {
  private readonly stops = new Map<string, AbortController>();

  constructor(private readonly parts: RotationRunnerParts) {}

  /** One attempt, to its end. Throws the Failure of an attempt over HTTP that got no usable answer; the row tells the rest. */
  async attempt(session: FlowfabricSession, row: RotationRow): Promise<void> {
    const { ledger, now } = this.parts;
    const secretHex = await ledger.secretOf(row, session.rotationPlaces(row.way));
    const stop = new AbortController();
    this.stops.set(row.id, stop);
    beginAttempt(row, now());
    ledger.touch(row);
    let problem: Failure | undefined;
    try {
      if (row.way === "direct") await this.direct(session, row, { secretHex, signal: stop.signal });
      else problem = await this.overHttp(session, row, secretHex);
      await this.readBack(session, row);
    } catch (error) {
      problem = asFailure(error);
      for (const cell of row.partitions) if (cell.state === "sending") cell.state = "unknown";
    } finally {
      this.stops.delete(row.id);
      // Postgres and SQLite take retired keys for good (flowfabric-admin §3.6).
      if (!hasOneKeystore(session)) reckonGrace(row, now());
      const status = problem && answerDetails(problem)?.status;
      endAttempt(row, now(), { outcome: problem?.message ?? "", status });
      const attempt = row.attempts.at(-1);
      if (attempt && !problem) attempt.outcome = summaryOf(row);
      await ledger.settle(row);
    }
    if (problem) throw problem;
  }

  /** Sends to no further partition. */
  stop(rotationId: string): void {
    this.stops.get(rotationId)?.abort();
  }

  stopAll(): void {
    for (const stop of this.stops.values()) stop.abort();
  }

  /** Reads which key each partition signs with, where they can be read. */
  async readBack(session: FlowfabricSession, row: RotationRow): Promise<void> {
    const { store } = session;
    if (!store) return;
    const keys = await readAllKeys(
      store,
      row.partitions.map(({ partition }) => partition),
    );
    applyReadBack(row, keys, this.parts.now());
    this.parts.ledger.touch(row);
  }

  private direct(
    session: FlowfabricSession,
    row: RotationRow,
    { secretHex, signal }: { secretHex: string; signal: AbortSignal },
  ): Promise<void> {
    const { ledger } = this.parts;
    return rotateDirectly({
      store: session.requireStore(),
      partitions: openPartitions(row),
      call: { keyId: row.keyId, secretHex, graceMs: row.grace.milliseconds },
      onSending: (partition) => markSending(row, partition),
      onOutcome: (partition, outcome) => {
        applyOutcome(row, partition, outcome);
        ledger.touch(row);
      },
      signal,
    });
  }

  private async overHttp(
    session: FlowfabricSession,
    row: RotationRow,
    secretHex: string,
  ): Promise<Failure | undefined> {
    const client = session.requireClient();
    try {
      const reply = await client.rotateWaitpointSecret(
        { keyId: row.keyId, secretHex },
        this.parts.httpTimeoutMs,
      );
      applyReply(row, reply);
      if (row.partitions.length === 1)
        session.backend.learn("postgres", "a rotation had one entry: Postgres, or SQLite");
      return undefined;
    } catch (error) {
      const failure = asFailure(error);
      this.afterFailure(row, failure);
      return failure;
    }
  }

  private afterFailure(row: RotationRow, failure: Failure): void {
    const details = answerDetails(failure);
    if (failure.upstream?.startsWith("rotation failed on all partitions")) markAllFailed(row);
    else if (failure.details?.delivered === false || details?.refused)
      addNotice(row, "An attempt reached no partition.");
    else {
      markUnknown(row);
      addNotice(
        row,
        "The server may still be rotating: its answer did not come. Retrying with the same key is safe, and tells.",
      );
    }
  }
}

function hasOneKeystore({ backend: { backend } }: FlowfabricSession): boolean {
  return backend === "postgres" || backend === "sqlite";
}

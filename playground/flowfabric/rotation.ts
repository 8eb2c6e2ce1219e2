import { setTimeout as sleep } from "node:timers/promises";
import type { Fields } from "./fields.ts";
import type { Keystores, Rotation } from "./keystore.ts";
import { json, type Reply, refuse } from "./reply.ts";
import type { Store } from "./store.ts";

/** What goes wrong in a partition: for the next `times` calls, or for good. */
export interface PartitionFault {
  kind: "transport" | "conflict" | "missing-library" | "delay";
  milliseconds?: number;
  times?: number;
}

/** A line of the server's audit log. */
export type AuditRecord =
  | { event: "waitpoint_hmac_rotation_failed"; partition: number; err: string }
  | {
      event: "waitpoint_hmac_rotation_complete";
      new_kid: string;
      total_partitions: number;
      rotated: number;
      failed_count: number;
    }
  | { event: "waitpoint_hmac_rotation_timeout_http_504"; new_kid: string; timeout_s: number };

export interface RotationSettings {
  keystores: Keystores;
  store: Store;
  backend: "valkey" | "postgres" | "sqlite";
  graceMilliseconds: number;
  deadlineMilliseconds: number;
  partitions: number;
}

const inFlight = 16;

/** The rotation route: one at a time in this process, sixteen partitions in flight, a deadline over all. */
export class RotationRoute {
  readonly audit: AuditRecord[] = [];
  readonly faults = new Map<number, PartitionFault>();
  deadlineMilliseconds: number;
  #busy = false;
  readonly #settings: RotationSettings;

  constructor(settings: RotationSettings) {
    this.#settings = settings;
    this.deadlineMilliseconds = settings.deadlineMilliseconds;
  }

  get busy(): boolean {
    return this.#busy;
  }

  async handle(fields: Fields): Promise<Reply> {
    const kid = fields.text("new_kid");
    const secretHex = fields.text("new_secret_hex");
    this.#check(kid, secretHex);
    if (this.#busy)
      throw refuse(429, "too many concurrent admin_rotate calls (server max: 1); retry with backoff", {
        retryable: true,
      });
    this.#busy = true;
    try {
      return await this.#beforeDeadline(kid, secretHex);
    } finally {
      this.#busy = false;
    }
  }

  #check(kid: string, secretHex: string): void {
    if (kid === "" || kid.includes(":"))
      throw refuse(400, "new_kid must be non-empty and must not contain ':'");
    if (!/^([0-9a-fA-F]{2})+$/.test(secretHex))
      throw refuse(400, "new_secret_hex must be a non-empty even-length hex string");
    if (this.#settings.backend === "sqlite" && secretHex.length !== 64)
      throw refuse(400, "invalid_input: secret_hex must be 64 hex characters (256-bit secret)");
  }

  async #beforeDeadline(kid: string, secretHex: string): Promise<Reply> {
    const { deadlineMilliseconds } = this;
    const { graceMilliseconds } = this.#settings;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), deadlineMilliseconds);
    const failed = await this.#fanOut({ kid, secretHex, graceMilliseconds }, late.signal);
    clearTimeout(timer);
    const seconds = Math.round(deadlineMilliseconds / 1000);
    if (late.signal.aborted) {
      this.audit.push({
        event: "waitpoint_hmac_rotation_timeout_http_504",
        new_kid: kid,
        timeout_s: seconds,
      });
      throw refuse(
        504,
        `rotation exceeded ${seconds}s server-side timeout; retry is safe (per-partition rotation is idempotent on the same new_kid + secret_hex)`,
      );
    }
    return this.#answer(kid, failed);
  }

  #answer(kid: string, failed: number[]): Reply {
    const { keystores, partitions } = this.#settings;
    const rotated = keystores.partitions - failed.length;
    this.audit.push({
      event: "waitpoint_hmac_rotation_complete",
      new_kid: kid,
      total_partitions: partitions,
      rotated,
      failed_count: failed.length,
    });
    if (rotated === 0) throw refuse(400, "rotation failed on all partitions (check Valkey connectivity)");
    return json(200, { rotated, failed, new_kid: kid });
  }

  async #fanOut(rotation: Rotation, late: AbortSignal): Promise<number[]> {
    const failed: number[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (!late.aborted && next < this.#settings.keystores.partitions) {
        const partition = next;
        next += 1;
        const problem = await this.#one(partition, rotation, late);
        if (problem === undefined) continue;
        failed.push(partition);
        this.audit.push({ event: "waitpoint_hmac_rotation_failed", partition, err: problem });
      }
    };
    await Promise.all(Array.from({ length: inFlight }, work));
    return failed.sort((left, right) => left - right);
  }

  /** Why the partition failed, if it did. */
  async #one(partition: number, rotation: Rotation, late: AbortSignal): Promise<string | undefined> {
    const fault = this.#takeFault(partition);
    if (fault?.kind === "delay")
      await sleep(fault.milliseconds ?? 1000, undefined, { signal: late }).catch(() => undefined);
    else if (fault) return faultMessages[fault.kind];
    if (late.aborted) return "abandoned";
    const { keystores, store } = this.#settings;
    try {
      const problem = await store.problemOf(() => keystores.rotate(partition, rotation));
      if (problem !== undefined) return `${call}${problem}`;
      const reply = await keystores.rotate(partition, rotation);
      return reply.status === "refused" ? `${call}${refusalText(reply.code, rotation.kid)}` : undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #takeFault(partition: number): PartitionFault | undefined {
    const fault = this.faults.get(partition);
    if (fault?.times === undefined) return fault;
    if (fault.times <= 1) this.faults.delete(partition);
    else this.faults.set(partition, { ...fault, times: fault.times - 1 });
    return fault;
  }
}

const call = "rotate_waitpoint_hmac_secret_all: FCALL ff_rotate_waitpoint_hmac_secret: ";

function refusalText(code: string, kid: string): string {
  const text = code === "rotation_conflict" ? `: kid ${kid} already installed with a different secret` : "";
  return `transport (valkey): ${code}${text}`;
}

const faultMessages = {
  transport: "transport (valkey): valkey: timed out",
  conflict: "rotation_conflict",
  "missing-library": "transport (valkey): valkey: server error - ResponseError: Function not found",
};

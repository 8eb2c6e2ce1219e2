import { randomBytes } from "node:crypto";
import { Failure } from "../../shared/contract/index.ts";
import { type RotationRow, rotationRowSchema } from "../../shared/flowfabric/rotation-schema.ts";
import type { SecretStore } from "../connections/secrets.ts";
import type { RotationStore } from "../storage/rotation-store.ts";
import { afterRestart, newRotation, type RotationWish } from "./rotation-row.ts";

export interface RotationLedgerParts {
  store: RotationStore;
  /** Where the secret of an unfinished rotation waits for its retry. */
  secrets: SecretStore;
  now(): number;
  /** Hears that a row could not be written; the rotation goes on in memory. */
  onStoreError(error: unknown): void;
}

type Listener = (connectionId: string, upsert: readonly RotationRow[], remove: readonly string[]) => void;

/** Under which name the one secret of a rotation lies in the store of secrets. */
const secretName = "seed";
const tellEveryMs = 40;

/** All rotations made from here: what is known of each partition, and the secret until every partition has it. */
export class RotationLedger {
  private readonly rows = new Map<string, RotationRow>();
  private readonly listeners = new Set<Listener>();
  private readonly untold = new Map<string, NodeJS.Timeout>();

  constructor(private readonly parts: RotationLedgerParts) {
    for (const { id, body } of parts.store.load()) {
      const row = readKept(body);
      if (row) this.rows.set(id, row);
    }
  }

  /** Newest first. */
  list(connectionId: string): RotationRow[] {
    return [...this.rows.values()]
      .filter((row) => row.connectionId === connectionId)
      .sort((left, right) => (left.id < right.id ? 1 : -1));
  }

  /** Throws `not_found`. */
  get(connectionId: string, rotationId: string): RotationRow {
    const row = this.rows.get(rotationId);
    if (row?.connectionId === connectionId) return row;
    throw new Failure({
      code: "not_found",
      message: `There is no rotation ${rotationId} on this connection.`,
      hint: "List the rotations to see their ids.",
    });
  }

  byKeyId(connectionId: string, keyId: string): RotationRow | undefined {
    return this.list(connectionId).find((row) => row.keyId === keyId);
  }

  /** The rotation that has to end before another may begin. */
  unfinished(connectionId: string): RotationRow | undefined {
    return this.list(connectionId).find(({ state }) => state === "running" || state === "unfinished");
  }

  /**
   * Begins a rotation: its row and its secret are kept before anything is sent. Throws `conflict` while another is
   * unfinished, and for a key id that was used before: re-using one can kill tokens (flowfabric-admin §3.3).
   */
  async begin(wish: RotationWish, secretHex: string | undefined): Promise<RotationRow> {
    this.requireFree(wish);
    const origin = secretHex === undefined ? "generated" : "given";
    const row = newRotation(newRotationId(this.parts.now()), { ...wish, origin }, this.parts.now());
    this.rows.set(row.id, row);
    try {
      await this.parts.secrets.put(secretKeyOf(row.id), {
        [secretName]: secretHex ?? randomBytes(32).toString("hex"),
      });
      this.parts.store.put({ id: row.id, connectionId: row.connectionId, body: JSON.stringify(row) });
    } catch (error) {
      this.rows.delete(row.id);
      await this.parts.secrets.remove(secretKeyOf(row.id)).catch(() => undefined);
      throw error;
    }
    this.tell(row);
    return row;
  }

  /** The secret of an unfinished rotation. Throws `conflict` when it is gone. */
  async secretOf(row: RotationRow): Promise<string> {
    const secret = (await this.parts.secrets.get(secretKeyOf(row.id)))[secretName];
    if (secret !== undefined) return secret;
    row.secret.held = false;
    this.save(row);
    throw new Failure({
      code: "conflict",
      message: "The secret of this rotation is gone, so the same pair cannot be sent again.",
      details: { rotationId: row.id, delivered: false },
      hint: "Abandon it and rotate a fresh key in. Without a keychain, secrets end with the console.",
    });
  }

  /** Takes note that something of a row changed, and tells it soon. */
  touch(row: RotationRow): void {
    row.updatedAt = new Date(this.parts.now()).toISOString();
    if (this.untold.has(row.id)) return;
    this.untold.set(
      row.id,
      setTimeout(() => this.tell(row), tellEveryMs),
    );
  }

  /** Writes a row, and destroys its secret once nobody needs it any more. */
  async settle(row: RotationRow): Promise<void> {
    if (row.state === "converged" || row.state === "abandoned") {
      row.endedAt = new Date(this.parts.now()).toISOString();
      row.secret.held = false;
      await this.parts.secrets.remove(secretKeyOf(row.id));
    }
    this.save(row);
  }

  /** Turns what an earlier run left running into unfinished, and says whether its secret is still there. */
  async recover(): Promise<void> {
    for (const row of this.rows.values()) {
      if (row.state !== "running" && row.state !== "unfinished") continue;
      if (row.state === "running") afterRestart(row);
      const held = await this.parts.secrets.get(secretKeyOf(row.id)).catch(() => ({}));
      row.secret.held = secretName in held;
      this.save(row);
    }
  }

  /** Forgets all rotations of a connection that was removed, with their secrets. */
  async forget(connectionId: string): Promise<void> {
    const ids = this.list(connectionId).map(({ id }) => id);
    for (const id of ids) {
      this.rows.delete(id);
      await this.parts.secrets.remove(secretKeyOf(id));
    }
    this.parts.store.removeOf(connectionId);
    if (ids.length > 0) for (const listener of this.listeners) listener(connectionId, [], ids);
  }

  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  close(): void {
    for (const timer of this.untold.values()) clearTimeout(timer);
    this.untold.clear();
    this.listeners.clear();
  }

  private requireFree({ connectionId, keyId }: RotationWish): void {
    const open = this.unfinished(connectionId);
    if (open)
      throw new Failure({
        code: "conflict",
        message: `The rotation to ${open.keyId} is not finished; a second one would leave the partitions with different keys.`,
        details: { rotationId: open.id, keyId: open.keyId, delivered: false },
        hint: "Retry it with the same key until every partition has it, or abandon it.",
      });
    if (this.list(connectionId).some((row) => row.keyId === keyId || row.previousKeyIds.includes(keyId)))
      throw new Failure({
        code: "conflict",
        message: `The key id ${keyId} was used before.`,
        details: { fields: [{ path: "keyId", message: "used before" }], delivered: false },
        hint: "Take a fresh one: a key id that comes back can make every token signed with it invalid at once.",
      });
  }

  private save(row: RotationRow): void {
    row.updatedAt = new Date(this.parts.now()).toISOString();
    try {
      this.parts.store.put({ id: row.id, connectionId: row.connectionId, body: JSON.stringify(row) });
    } catch (error) {
      this.parts.onStoreError(error);
    }
    this.tell(row);
  }

  private tell(row: RotationRow): void {
    clearTimeout(this.untold.get(row.id));
    this.untold.delete(row.id);
    const told = structuredClone(row);
    for (const listener of this.listeners) listener(row.connectionId, [told], []);
  }
}

function secretKeyOf(rotationId: string): string {
  return `rotation_${rotationId}`;
}

/** Ids sort by time. */
function newRotationId(now: number): string {
  return `${now.toString(36).padStart(9, "0")}${randomBytes(3).toString("hex")}`;
}

function readKept(body: string): RotationRow | undefined {
  try {
    return rotationRowSchema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

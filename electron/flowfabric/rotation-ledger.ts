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

/** The servers that a rotation sends its secret to. */
export type RotationPlaces = readonly string[];
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
  async begin(
    wish: RotationWish,
    secretHex: string | undefined,
    places: RotationPlaces,
  ): Promise<RotationRow> {
    this.requireFree(wish);
    const origin = secretHex === undefined ? "generated" : "given";
    const row = newRotation(newRotationId(this.parts.now()), { ...wish, origin }, this.parts.now());
    this.rows.set(row.id, row);
    try {
      const secret = { [secretName]: secretHex ?? randomBytes(32).toString("hex") };
      await this.parts.secrets.put(secretKeyOf(row.id), secret, { [secretName]: places });
      this.parts.store.put({ id: row.id, connectionId: row.connectionId, body: JSON.stringify(row) });
    } catch (error) {
      this.rows.delete(row.id);
      await this.parts.secrets.remove(secretKeyOf(row.id)).catch(() => undefined);
      throw error;
    }
    this.tell(row);
    return row;
  }

  /** The secret of an unfinished rotation, for the servers that it was begun on. Throws `conflict` when it is gone, or for others. */
  async secretOf(row: RotationRow, places: RotationPlaces): Promise<string> {
    const owner = secretKeyOf(row.id);
    const secret = (await this.parts.secrets.get(owner, { [secretName]: places }))[secretName];
    if (secret !== undefined) return secret;
    if (this.parts.secrets.names(owner).includes(secretName)) throw begunElsewhere(row);
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
  recover(): void {
    for (const row of this.rows.values()) {
      if (row.state !== "running" && row.state !== "unfinished") continue;
      if (row.state === "running") afterRestart(row);
      row.secret.held = this.parts.secrets.names(secretKeyOf(row.id)).includes(secretName);
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

/** No connection can have this id. */
function secretKeyOf(rotationId: string): string {
  return `rotation:${rotationId}`;
}

function begunElsewhere(row: RotationRow): Failure {
  return new Failure({
    code: "conflict",
    message:
      "This rotation was begun on another server: its secret is not sent to the one that the connection leads to now.",
    details: { rotationId: row.id, delivered: false },
    hint: "Put the connection's former address back to retry it, or abandon it and rotate a fresh key in.",
  });
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

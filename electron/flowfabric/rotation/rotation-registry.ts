import { randomBytes } from "node:crypto";
import { Failure } from "../../../shared/contract/index.ts";
import { type RotationRow, rotationRowSchema } from "../../../shared/flowfabric/rotation-schema.ts";
import type { SecretStore } from "../../connections/secrets.ts";
import type { RotationStore } from "../../storage/rotation-store.ts";
import { Emitter } from "../../upstream/emitter.ts";
import { Rotation } from "./rotation.ts";
import { RotationRecord } from "./rotation-record.ts";
import { hasEnded, newRotation, type RotationRequest } from "./rotation-row.ts";
import { type RotationPlaces, RotationSecret } from "./rotation-secret.ts";

export interface RotationRegistryParts {
  store: RotationStore;
  /** Where the secret of an unfinished rotation waits for its retry. */
  secrets: SecretStore;
  now(): number;
  /** Called where a row could not be written or a secret not be destroyed; the rotation goes on in memory. */
  onError(error: unknown): void;
}

/** A rotation that is about to begin, with what was read for it. */
export interface PreparedRotation {
  request: RotationRequest;
  secretHex: string | undefined;
  places: RotationPlaces;
}

type Listener = (connectionId: string, upsert: readonly RotationRow[], remove: readonly string[]) => void;

/** All rotations made from here: what is known of each partition, and the secret until every partition has it. */
export class RotationRegistry {
  private readonly rotations = new Map<string, Rotation>();
  /** Connections on which a rotation is being prepared, by what prepares it. */
  private readonly preparing = new Map<string, symbol>();
  private readonly changes: Emitter<Parameters<Listener>>;

  /** Takes over the rotations of earlier runs. */
  constructor(private readonly parts: RotationRegistryParts) {
    this.changes = new Emitter(parts.onError);
    for (const { body } of parts.store.load()) {
      const row = readRow(body);
      if (row) this.register(row).recover();
    }
  }

  /** Newest first. */
  list(connectionId: string): RotationRow[] {
    return this.of(connectionId)
      .map(({ row }) => structuredClone(row) as RotationRow)
      .sort((left, right) => (left.id < right.id ? 1 : -1));
  }

  /** Throws `not_found`. */
  get(connectionId: string, rotationId: string): Rotation {
    const rotation = this.rotations.get(rotationId);
    if (rotation?.row.connectionId === connectionId) return rotation;
    throw new Failure({
      code: "not_found",
      message: `There is no rotation ${rotationId} on this connection.`,
      hint: "List the rotations to see their ids.",
    });
  }

  byKeyId(connectionId: string, keyId: string): Rotation | undefined {
    return this.of(connectionId).find(({ row }) => row.keyId === keyId);
  }

  /** Key ids that were in use before a rotation, as far as its connection's rotations tell. */
  keyIdsBefore({ id, connectionId }: Readonly<RotationRow>): ReadonlySet<string> {
    const earlier = this.of(connectionId).filter(({ row }) => row.id < id);
    return new Set(earlier.flatMap(({ row }) => [row.keyId, ...row.previousKeyIds]));
  }

  /** How many partitions the server last answered for, which is all that HTTP tells of them; on Postgres and SQLite it tells nothing. */
  partitionCount(connectionId: string): number | undefined {
    const [newest] = this.of(connectionId)
      .filter(({ row }) => row.partitionsFrom === "reply" && row.partitions.length > 1)
      .sort((left, right) => (left.row.id < right.row.id ? 1 : -1));
    return newest?.row.partitions.length;
  }

  /** The rotation that has to end before another may begin. */
  unfinished(connectionId: string): Readonly<RotationRow> | undefined {
    return this.of(connectionId).find(({ row }) => !hasEnded(row))?.row;
  }

  /**
   * Begins a rotation: the connection is taken from this turn on, and row and secret are kept before anything is sent. Throws
   * `conflict` while another is unfinished, and for a key id that was used before: re-using one can kill tokens
   * (flowfabric-admin §3.3).
   */
  async begin(
    { connectionId, keyId }: Pick<RotationRequest, "connectionId" | "keyId">,
    prepare: () => Promise<PreparedRotation>,
  ): Promise<Rotation> {
    this.requireFree(connectionId, keyId);
    const claim = Symbol(keyId);
    this.preparing.set(connectionId, claim);
    try {
      const { request, secretHex, places } = await prepare();
      if (this.preparing.get(connectionId) !== claim) throw connectionRemoved(connectionId);
      const origin = secretHex === undefined ? "generated" : "given";
      const now = this.parts.now();
      const rotation = this.register(newRotation(newRotationId(now), { ...request, origin }, now));
      await rotation.create(secretHex, places).catch((error: unknown) => {
        this.rotations.delete(rotation.row.id);
        throw error;
      });
      return rotation;
    } finally {
      if (this.preparing.get(connectionId) === claim) this.preparing.delete(connectionId);
    }
  }

  /** Forgets all rotations of a connection that was removed, with their secrets, once nothing of them is under way. */
  async forget(connectionId: string): Promise<void> {
    this.preparing.delete(connectionId);
    const rotations = this.of(connectionId);
    const ids = rotations.map(({ row }) => row.id);
    for (const id of ids) this.rotations.delete(id);
    const removals = rotations.map((rotation) => rotation.remove().catch(this.parts.onError));
    if (ids.length > 0) this.changes.emit(connectionId, [], ids);
    await Promise.all(removals);
  }

  onChange(listener: Listener): () => void {
    return this.changes.on(listener);
  }

  /** Sends nothing more, and writes down how far everything came. */
  close(): void {
    this.preparing.clear();
    this.changes.clear();
    for (const rotation of this.rotations.values()) rotation.close();
  }

  private of(connectionId: string): Rotation[] {
    return [...this.rotations.values()].filter(({ row }) => row.connectionId === connectionId);
  }

  private register(row: RotationRow): Rotation {
    const { store, secrets, now, onError } = this.parts;
    const emit = (changed: RotationRow): void => this.changes.emit(changed.connectionId, [changed], []);
    const record = new RotationRecord(row, { store, now, onError, emit });
    const rotation = new Rotation({ record, secret: new RotationSecret(secrets, row.id), now, onError });
    this.rotations.set(row.id, rotation);
    return rotation;
  }

  private requireFree(connectionId: string, keyId: string): void {
    if (this.preparing.has(connectionId))
      throw new Failure({
        code: "conflict",
        message: "Another rotation is just beginning on this connection.",
        details: { delivered: false },
        hint: "Wait until it is over.",
      });
    const open = this.unfinished(connectionId);
    if (open)
      throw new Failure({
        code: "conflict",
        message: `The rotation to ${open.keyId} is not finished; a second one would leave the partitions with different keys.`,
        details: { rotationId: open.id, keyId: open.keyId, delivered: false },
        hint: "Retry it with the same key until every partition has it, or abandon it.",
      });
    const used = this.of(connectionId).some(
      ({ row }) => row.keyId === keyId || row.previousKeyIds.includes(keyId),
    );
    if (used)
      throw new Failure({
        code: "conflict",
        message: `The key id ${keyId} was used before.`,
        details: { fields: [{ path: "keyId", message: "used before" }], delivered: false },
        hint: "Take a fresh one: a key id that comes back can make every token signed with it invalid at once.",
      });
  }
}

function connectionRemoved(connectionId: string): Failure {
  return new Failure({
    code: "not_found",
    message: "The connection was removed before the rotation began.",
    details: { connectionId, delivered: false },
  });
}

/** Ids sort by time. */
function newRotationId(now: number): string {
  return `${now.toString(36).padStart(9, "0")}${randomBytes(3).toString("hex")}`;
}

function readRow(body: string): RotationRow | undefined {
  try {
    return rotationRowSchema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

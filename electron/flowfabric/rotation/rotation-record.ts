import type { RotationRow } from "../../../shared/flowfabric/rotation-schema.ts";
import type { RotationStore } from "../../storage/rotation-store.ts";

export interface RotationRecordParts {
  store: RotationStore;
  now(): number;
  /** Called where the row could not be written; the rotation goes on in memory. */
  onError(error: unknown): void;
  /** Called with a copy of each changed row. */
  emit(row: RotationRow): void;
}

const emitEveryMs = 40;
const writeEveryMs = 500;

/** One rotation's row on disk, and as it is followed. Once it is sealed, nothing more is written or emitted. */
export class RotationRecord {
  private emitTimer: NodeJS.Timeout | undefined;
  private writeTimer: NodeJS.Timeout | undefined;
  private sealed = false;

  constructor(
    readonly row: RotationRow,
    private readonly parts: RotationRecordParts,
  ) {}

  get isSealed(): boolean {
    return this.sealed;
  }

  /** Adds the row to those on disk. Throws what the store throws. */
  insert(): void {
    const { id, connectionId } = this.row;
    if (!this.sealed) this.parts.store.add({ id, connectionId, body: JSON.stringify(this.row) });
  }

  /** Writes the row. Throws what the store throws. */
  write(): void {
    clearTimeout(this.writeTimer);
    this.writeTimer = undefined;
    if (this.sealed) return;
    this.stamp();
    this.parts.store.update({ id: this.row.id, body: JSON.stringify(this.row) });
  }

  /** Writes and emits the row. */
  save(): void {
    try {
      this.write();
    } catch (error) {
      this.parts.onError(error);
    }
    this.emit();
  }

  /** Takes in that the row changed: it is emitted soon and written a little later, many changes at a time. */
  touch(): void {
    if (this.sealed) return;
    this.stamp();
    this.emitTimer ??= setTimeout(() => this.emit(), emitEveryMs);
    this.writeTimer ??= setTimeout(() => this.save(), writeEveryMs);
  }

  emit(): void {
    clearTimeout(this.emitTimer);
    this.emitTimer = undefined;
    if (!this.sealed) this.parts.emit(structuredClone(this.row));
  }

  /** Writes what is not on disk yet, and ends. */
  seal(): void {
    if (this.writeTimer) this.save();
    clearTimeout(this.emitTimer);
    this.sealed = true;
  }

  /** Takes the row off the disk, for good. */
  erase(): void {
    this.seal();
    this.parts.store.remove(this.row.id);
  }

  private stamp(): void {
    this.row.updatedAt = new Date(this.parts.now()).toISOString();
  }
}

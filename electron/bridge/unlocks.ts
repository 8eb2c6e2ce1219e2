import {
  canonicalJson,
  type GuardedConnection,
  type TopicSource,
  type Unlock,
} from "../../shared/contract/index.ts";
import { Emitter } from "../upstream/emitter.ts";

type Listener = (upsert: readonly Unlock[], remove: readonly string[]) => void;

interface Held {
  row: Unlock;
  until: number;
  /** What was unlocked; a connection that was changed since is another one, and locked. */
  fingerprint: string;
  timer: NodeJS.Timeout;
}

/** Which protected connections are unlocked at present: since their name was typed, for the minutes that they allow. */
export class Unlocks implements TopicSource<Unlock> {
  private readonly held = new Map<string, Held>();
  private readonly changes = new Emitter<Parameters<Listener>>();

  constructor(private readonly now: () => number) {}

  /** Whether the connection as it now is was unlocked, and the time is not over. */
  isUnlocked(connection: GuardedConnection): boolean {
    const held = this.held.get(connection.id);
    if (!held) return false;
    if (held.until > this.now() && held.fingerprint === fingerprint(connection)) return true;
    this.lock(connection.id);
    return false;
  }

  /** The name was typed. It does not lengthen what is still running: the person knows when it ends. */
  unlock(connection: GuardedConnection): void {
    if (connection.relockMinutes === 0 || this.isUnlocked(connection)) return;
    const { id } = connection;
    const lastsMs = connection.relockMinutes * 60_000;
    const until = this.now() + lastsMs;
    const timer = setTimeout(() => this.lock(id), lastsMs);
    timer.unref();
    const row = { connectionId: id, unlockedUntil: new Date(until).toISOString() };
    this.held.set(id, { row, until, fingerprint: fingerprint(connection), timer });
    this.changes.emit([row], []);
  }

  /** Locks at once; answers whether there was something to lock. */
  lock(connectionId: string): boolean {
    const held = this.held.get(connectionId);
    if (!held) return false;
    clearTimeout(held.timer);
    this.held.delete(connectionId);
    this.changes.emit([], [connectionId]);
    return true;
  }

  snapshot(): Unlock[] {
    const now = this.now();
    return [...this.held.values()].filter(({ until }) => until > now).map(({ row }) => row);
  }

  follow(_address: unknown, onChange: Listener): () => void {
    return this.changes.on(onChange);
  }

  /** Locks everything. */
  close(): void {
    for (const id of [...this.held.keys()]) this.lock(id);
    this.changes.clear();
  }
}

/** What makes a guarded connection the same one: who it is, its guard, and where it leads. */
export function fingerprint(connection: GuardedConnection): string {
  const { id, name, guard, relockMinutes, system, target } = connection;
  return canonicalJson([id, name, guard, relockMinutes, system, target]);
}

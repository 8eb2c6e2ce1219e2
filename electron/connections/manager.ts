import { isDeepStrictEqual } from "node:util";
import type {
  ConnectionProfile,
  ConnectionProfileInput,
  ConnectionRow,
  Diagnosis,
  Importable,
  LatticeTarget,
  Secrets,
} from "../../shared/connections/schema.ts";
import { connectionProfileSchema } from "../../shared/connections/schema.ts";
import { Failure, invalidInput } from "../../shared/contract/index.ts";
import { diagnose } from "./diagnosis.ts";
import { findContexts, type ImportResult, importContexts, ownSurroundings, toImportable } from "./import.ts";
import type { ImportSurroundings } from "./import-profile.ts";
import { LiveConnection } from "./live-connection.ts";
import type { NatsConnection } from "./nats.ts";
import { usesWebsocket } from "./nats-options.ts";
import { type ProfileStore, Profiles } from "./profiles.ts";
import type { SecretStore } from "./secrets.ts";
import { relevantSecrets } from "./sign-in-secrets.ts";

export interface ConnectionManagerOptions {
  profiles: ProfileStore;
  secrets: SecretStore;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Whose contexts `discover` finds; those of the user who runs this process by default. */
  surroundings?: ImportSurroundings;
}

/** What `save` takes: a profile without its id, and the secrets to be added or replaced. */
export interface ConnectionDraft {
  profile: Omit<ConnectionProfileInput, "id" | "playground">;
  secrets?: Secrets;
}

type ChangeListener = (upsert: readonly ConnectionRow[], remove: readonly string[]) => void;
type OpenedListener = (profile: ConnectionProfile, nats: NatsConnection) => void;
type ClosedListener = (connectionId: string) => void;

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** All connections of the console: saved profiles, their secrets, and the ones that are open. */
export class ConnectionManager {
  private readonly profiles: Profiles;
  private readonly secrets: SecretStore;
  private readonly now: () => number;
  private readonly surroundings: ImportSurroundings;
  private readonly live = new Map<string, LiveConnection>();
  private readonly changeListeners = new Set<ChangeListener>();
  private readonly openedListeners = new Set<OpenedListener>();
  private readonly closedListeners = new Set<ClosedListener>();

  constructor(options: ConnectionManagerOptions) {
    this.profiles = new Profiles(options.profiles);
    this.secrets = options.secrets;
    this.now = options.now ?? Date.now;
    this.surroundings = options.surroundings ?? ownSurroundings();
    for (const profile of this.profiles.list()) this.prepare(profile);
  }

  /** Sentences that a person should see: damaged profiles, and secrets that are not kept. */
  get notices(): string[] {
    return [...this.profiles.notices, ...(this.secrets.notice ? [this.secrets.notice] : [])];
  }

  rows(): ConnectionRow[] {
    return this.profiles.list().map(({ id }) => this.row(id));
  }

  /** The row of a connection. Throws `not_found`. */
  row(id: string): ConnectionRow {
    const { profile, status } = this.liveOf(id);
    return { profile, status, secretsHeld: this.secrets.names(id) };
  }

  /** The profile of a connection. Throws `not_found`. */
  profile(id: string): ConnectionProfile {
    return this.liveOf(id).profile;
  }

  /** The open connection. Throws `not_found`, and `unreachable` while it is not open. */
  nats(id: string): NatsConnection {
    const live = this.liveOf(id);
    if (live.nats) return live.nats;
    const { state, failure } = live.status;
    const hint =
      state === "closed" ? "Open the connection." : "Wait until it is open, or test it to see what fails.";
    throw new Failure({
      code: "unreachable",
      message: `The connection ${live.profile.name} is ${state}, not open.`,
      // Nothing was sent: a command that needed this connection has certainly not been delivered.
      details: { connectionId: id, state, delivered: false },
      hint: failure ? `${failure.message} ${hint}` : hint,
    });
  }

  /** Calls back with each change of rows; returns what ends it. */
  onChange(listener: ChangeListener): () => void {
    return listen(this.changeListeners, listener);
  }

  /** Calls back when a connection has opened (not when it reconnects: follow `nats.status()` for that), and now for those that are open. */
  onOpened(listener: OpenedListener): () => void {
    for (const { profile, nats } of this.live.values()) if (nats) listener(profile, nats);
    return listen(this.openedListeners, listener);
  }

  /** Calls back when a connection that was opened is closed, before it is drained. */
  onClosed(listener: ClosedListener): () => void {
    return listen(this.closedListeners, listener);
  }

  /** Starts opening every saved connection that wants it, without waiting. */
  openSaved(): void {
    for (const live of this.live.values()) if (live.profile.openAtStart) void live.open();
  }

  /** Opens and waits for the first attempt; whether it worked is in the row. Throws `not_found`. */
  async open(id: string): Promise<ConnectionRow> {
    await this.liveOf(id).open();
    return this.row(id);
  }

  /** Closes, and stops retrying. Throws `not_found`. */
  async close(id: string): Promise<ConnectionRow> {
    await this.liveOf(id).close();
    return this.row(id);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.live.values()].map((live) => live.close()));
  }

  /**
   * Saves a connection; given secrets replace those of the same name, the others stay as far as the sign-in uses them.
   * An active connection is opened again when its target or its secrets changed. Throws `invalid_input` and `conflict`.
   */
  async save(id: string, draft: ConnectionDraft): Promise<ConnectionRow> {
    if (this.profiles.isEphemeral(id)) throw ownedByConsole(id);
    const parsed = connectionProfileSchema.safeParse({ ...draft.profile, id, playground: false });
    if (!parsed.success) throw invalidInput(parsed.error);
    const profile = parsed.data;
    usesWebsocket(profile.target.addresses);
    const secretsChanged = await this.saveSecrets(profile, draft.secrets ?? {});
    this.profiles.save(profile);
    await this.applyProfile(profile, secretsChanged);
    return this.row(id);
  }

  /** Adds and opens a connection that is not saved: the playground's. */
  addEphemeral(profile: ConnectionProfile): void {
    this.profiles.addEphemeral(profile);
    const live = this.prepare(profile);
    this.tell([this.row(profile.id)], []);
    void live.open();
  }

  /** Closes and forgets a connection with its secrets. Throws `not_found`. */
  async remove(id: string): Promise<void> {
    await this.liveOf(id).close();
    await this.secrets.remove(id);
    this.profiles.remove(id);
    this.live.delete(id);
    this.tell([], [id]);
  }

  /** Tries saved or given settings step by step; given secrets come before the saved ones. Throws `not_found` without a target. */
  async test(id: string, settings: { target?: LatticeTarget; secrets?: Secrets } = {}): Promise<Diagnosis> {
    const target = settings.target ?? this.profile(id).target;
    const saved = await this.secrets.get(id).catch((error: unknown) => {
      if (settings.secrets) return {};
      throw error;
    });
    const secrets = { ...saved, ...settings.secrets };
    return diagnose({ target, secrets: relevantSecrets(target, secrets) });
  }

  /** Contexts of the nats and wash command lines on this machine. */
  discover(): Importable[] {
    return this.findContexts().map(toImportable);
  }

  /** Imports discovered contexts as saved connections; each key succeeds or fails for itself. */
  import(keys: readonly string[]): Promise<ImportResult> {
    return importContexts(this.findContexts(), keys, ({ profile, secrets }) =>
      this.save(profile.id, { profile, secrets }),
    );
  }

  private findContexts() {
    return findContexts(this.surroundings, this.live.keys());
  }

  private liveOf(id: string): LiveConnection {
    const live = this.live.get(id);
    if (live) return live;
    throw new Failure({
      code: "not_found",
      message: `There is no connection ${id}.`,
      details: { connectionId: id },
      hint: "List the connections to see their ids.",
    });
  }

  private prepare(profile: ConnectionProfile): LiveConnection {
    const { id } = profile;
    const live = new LiveConnection(profile, {
      secrets: () => this.secrets.get(id),
      now: this.now,
      onStatus: () => {
        if (this.live.get(id) === live) this.tell([this.row(id)], []);
      },
      onOpened: (opened, nats) => {
        for (const listener of this.openedListeners) listener(opened, nats);
      },
      onClosed: () => {
        for (const listener of this.closedListeners) listener(id);
      },
    });
    this.live.set(id, live);
    return live;
  }

  private async saveSecrets(profile: ConnectionProfile, given: Secrets): Promise<boolean> {
    // Secrets that can no longer be decrypted must not stand in the way of entering new ones.
    const before = await this.secrets.get(profile.id).catch(() => ({}));
    const after = relevantSecrets(profile.target, { ...before, ...given });
    if (isDeepStrictEqual(before, after)) return false;
    await this.secrets.put(profile.id, after);
    return true;
  }

  private async applyProfile(profile: ConnectionProfile, secretsChanged: boolean): Promise<void> {
    const live = this.live.get(profile.id) ?? this.prepare(profile);
    const reopen =
      live.isActive && (secretsChanged || !isDeepStrictEqual(live.profile.target, profile.target));
    if (reopen) await live.close();
    live.profile = profile;
    this.tell([this.row(profile.id)], []);
    if (reopen) void live.open();
  }

  private tell(upsert: readonly ConnectionRow[], remove: readonly string[]): void {
    for (const listener of this.changeListeners) listener(upsert, remove);
  }
}

function ownedByConsole(id: string): Failure {
  return new Failure({
    code: "conflict",
    message: "The playground's connection is made by the console and cannot be edited.",
    details: { connectionId: id },
    hint: "Save your settings under another id.",
  });
}

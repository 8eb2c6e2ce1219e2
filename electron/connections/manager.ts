import { isDeepStrictEqual } from "node:util";
import { destinationsOf } from "../../shared/connections/destination.ts";
import { guardOfPlace, isLooser } from "../../shared/connections/guarded-changes.ts";
import type {
  ConnectionDraftProfile,
  ConnectionProfile,
  ConnectionRow,
  ConnectionStatus,
  Diagnosis,
  Importable,
  ProfileOf,
  SecretName,
  Secrets,
  System,
  TargetSettings,
} from "../../shared/connections/schema.ts";
import { connectionProfileSchema } from "../../shared/connections/schema.ts";
import { canonicalJson, Failure, invalidInput } from "../../shared/contract/index.ts";
import { findContexts, type ImportResult, importContexts, ownSurroundings, toImportable } from "./import.ts";
import type { ImportSurroundings } from "./import-profile.ts";
import type { LiveConnection } from "./live-connection.ts";
import { LiveLattice } from "./live-lattice.ts";
import { type CheckPace, LiveSystem, usualPace } from "./live-system.ts";
import type { NatsConnection } from "./nats.ts";
import { type ProfileStore, Profiles } from "./profiles.ts";
import type { SecretStore } from "./secrets.ts";
import type { SystemDrivers } from "./system-driver.ts";
import { checkTarget, diagnoseTarget, driverOf } from "./systems.ts";

export interface ConnectionManagerOptions {
  profiles: ProfileStore;
  secrets: SecretStore;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Whose contexts `discover` finds; those of the user who runs this process by default. */
  surroundings?: ImportSurroundings;
  /** What makes the connections to other systems than lattices. */
  drivers?: SystemDrivers;
  pace?: CheckPace;
}

/** What `save` takes: a profile without its id, and the secrets to be added or replaced. */
export interface ConnectionDraft {
  profile: ConnectionDraftProfile;
  secrets?: Secrets;
}

type ChangeListener = (upsert: readonly ConnectionRow[], remove: readonly string[]) => void;
type OpenedListener = (profile: ProfileOf<"lattice">, nats: NatsConnection) => void;
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
  private readonly drivers: SystemDrivers;
  private readonly pace: CheckPace;
  private readonly ephemeralSecrets = new Map<string, Secrets>();
  private readonly live = new Map<string, LiveConnection>();
  private readonly changeListeners = new Set<ChangeListener>();
  private readonly openedListeners = new Set<OpenedListener>();
  private readonly closedListeners = new Set<ClosedListener>();

  constructor(options: ConnectionManagerOptions) {
    this.profiles = new Profiles(options.profiles);
    this.secrets = options.secrets;
    this.now = options.now ?? Date.now;
    this.surroundings = options.surroundings ?? ownSurroundings();
    this.drivers = options.drivers ?? {};
    this.pace = options.pace ?? usualPace;
    for (const profile of this.profiles.list()) {
      this.secrets.adopt(profile.id, destinationsOf(profile));
      this.prepare(profile);
    }
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
    return { profile, status, secretsHeld: this.secrets.names(id, destinationsOf(profile)) };
  }

  /** All profiles, saved or of this session. */
  all(): ConnectionProfile[] {
    return this.profiles.list();
  }

  /** The profile of a connection; undefined where there is none of that id. */
  find(id: string): ConnectionProfile | undefined {
    return this.profiles.get(id);
  }

  /** The profile of a connection. Throws `not_found`. */
  profile(id: string): ConnectionProfile {
    return this.liveOf(id).profile;
  }

  /** The profile of a connection that leads to this system, open or not. Throws `not_found` and `conflict`. */
  profileOf<S extends System>(id: string, system: S): ProfileOf<S> {
    const { profile } = this.liveOf(id);
    if (profile.system === system) return profile as ProfileOf<S>;
    throw new Failure({
      code: "conflict",
      message: `The connection ${profile.name} leads to ${profile.system}, not to ${system}.`,
      details: { connectionId: id, system: profile.system, delivered: false },
      hint: "Choose a connection of the right kind.",
    });
  }

  /** The profile of an open connection to this system. Throws `not_found`, `conflict`, and `unreachable` while it is not open. */
  requireOpen<S extends System>(id: string, system: S): ProfileOf<S> {
    const profile = this.profileOf(id, system);
    const { status } = this.liveOf(id);
    if (status.state === "open") return profile;
    throw notOpen(profile, status);
  }

  /** The open connection to a lattice. Throws as `requireOpen` does. */
  nats(id: string): NatsConnection {
    const profile = this.requireOpen(id, "lattice");
    const live = this.liveOf(id);
    if (live instanceof LiveLattice && live.nats) return live.nats;
    throw notOpen(profile, live.status);
  }

  /** Calls back with each change of rows; returns what ends it. */
  onChange(listener: ChangeListener): () => void {
    return listen(this.changeListeners, listener);
  }

  /** Calls back when a connection has opened (not when it reconnects: follow `nats.status()` for that), and now for those that are open. */
  onOpened(listener: OpenedListener): () => void {
    for (const live of this.live.values())
      if (live instanceof LiveLattice && live.nats) listener(live.profile, live.nats);
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
   * Saves a connection; given secrets replace those of the same name, the others stay as far as the sign-in uses them
   * and they were given for where the connection now leads.
   * An active connection is opened again when its target or its secrets changed. Throws `invalid_input` and `conflict`.
   */
  async save(id: string, draft: ConnectionDraft): Promise<ConnectionRow> {
    if (this.profiles.isEphemeral(id)) throw ownedByConsole(id);
    const parsed = connectionProfileSchema.safeParse({ ...draft.profile, id, playground: false });
    if (!parsed.success) throw invalidInput(parsed.error);
    const profile = parsed.data;
    checkTarget(profile);
    const secretsChanged = await this.saveSecrets(profile, draft.secrets ?? {});
    this.profiles.save(profile);
    await this.applyProfile(profile, secretsChanged);
    return this.row(id);
  }

  /** Adds and opens a connection that is not saved, nor are its secrets: the playground's. */
  addEphemeral(profile: ConnectionProfile, secrets: Secrets = {}): void {
    this.profiles.addEphemeral(profile);
    this.ephemeralSecrets.set(profile.id, secrets);
    const live = this.prepare(profile);
    this.tell([this.row(profile.id)], []);
    void live.open();
  }

  /** Closes and forgets a connection with its secrets. Throws `not_found`. */
  async remove(id: string): Promise<void> {
    await this.liveOf(id).close();
    this.ephemeralSecrets.delete(id);
    await this.secrets.remove(id);
    this.profiles.remove(id);
    this.live.delete(id);
    this.tell([], [id]);
  }

  /**
   * Tries saved settings with the saved secrets, or given ones with given secrets alone: whoever chooses the address has
   * to know what is sent there. Throws `not_found` without settings.
   */
  async test(id: string, given: { settings?: TargetSettings; secrets?: Secrets } = {}): Promise<Diagnosis> {
    const { settings = targetOf(this.profile(id)) } = given;
    const saved = this.isSaved(id, settings) ? await this.savedSecrets(id, given.secrets) : {};
    return diagnoseTarget(this.drivers, settings, { ...saved, ...given.secrets });
  }

  /** Contexts of the nats and wash command lines on this machine. */
  discover(): Importable[] {
    return this.findContexts().map(toImportable);
  }

  /**
   * Imports discovered contexts as saved connections; each key succeeds or fails for itself. None is guarded less than
   * another connection that leads to the same place.
   */
  import(keys: readonly string[]): Promise<ImportResult> {
    return importContexts(this.findContexts(), keys, ({ profile, secrets }) => {
      const there = guardOfPlace(profile, this.profiles.list());
      const guard = there && isLooser(profile.guard, there) ? there : profile.guard;
      return this.save(profile.id, { profile: { ...profile, guard }, secrets });
    });
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
    const parts = {
      secrets: (leadingTo: ConnectionProfile) => this.secretsOf(leadingTo),
      now: this.now,
      onStatus: () => {
        if (this.live.get(id) === live) this.tell([this.row(id)], []);
      },
    };
    const live: LiveConnection =
      profile.system === "lattice"
        ? new LiveLattice(profile, {
            ...parts,
            onOpened: (opened, nats) => {
              for (const listener of this.openedListeners) listener(opened, nats);
            },
            onClosed: () => {
              for (const listener of this.closedListeners) listener(id);
            },
          })
        : new LiveSystem(profile, driverOf(this.drivers, profile.system), this.pace, parts);
    this.live.set(id, live);
    return live;
  }

  private isSaved(id: string, settings: TargetSettings): boolean {
    const saved = this.profiles.get(id);
    // As JSON: a field that is absent and one that is undefined are the same.
    return saved !== undefined && canonicalJson(targetOf(saved)) === canonicalJson(settings);
  }

  private savedSecrets(id: string, given: Secrets | undefined): Promise<Secrets> {
    return this.secretsOf(this.profile(id)).catch((error: unknown) => {
      if (given) return {};
      throw error;
    });
  }

  private async secretsOf(profile: ConnectionProfile): Promise<Secrets> {
    return this.ephemeralSecrets.get(profile.id) ?? this.secrets.get(profile.id, destinationsOf(profile));
  }

  /** Answers whether the far side will be told anything else than before. */
  private async saveSecrets(profile: ConnectionProfile, given: Secrets): Promise<boolean> {
    const { id } = profile;
    const saved = this.profiles.get(id);
    const destinations = destinationsOf(profile);
    this.secrets.adopt(id, destinationsOf(saved ?? profile));
    // Secrets that can no longer be decrypted must not stand in the way of entering new ones.
    const read = (profileNow: ConnectionProfile) =>
      this.secrets.get(id, destinationsOf(profileNow)).catch((): Secrets => ({}));
    const before = saved ? await read(saved) : {};
    const after = { ...(await read(profile)), ...given };
    const names = Object.keys(destinations) as SecretName[];
    const kept: Secrets = Object.fromEntries(
      names.filter((name) => after[name]).map((name) => [name, after[name]]),
    );
    const same = isDeepStrictEqual(before, kept);
    const stays = same && saved && isDeepStrictEqual(destinationsOf(saved), destinations);
    if (!stays) await this.secrets.put(id, kept, destinations);
    return !same;
  }

  private async applyProfile(profile: ConnectionProfile, secretsChanged: boolean): Promise<void> {
    const before = this.live.get(profile.id);
    const changed = secretsChanged || !isDeepStrictEqual(before?.profile.target, profile.target);
    const reopen = before?.isActive && changed && (secretsChanged || !before.adopt(profile));
    if (reopen) await before.close();
    const live = before?.profile.system === profile.system ? before : this.prepare(profile);
    live.profile = profile;
    this.tell([this.row(profile.id)], []);
    if (reopen) void live.open();
  }

  private tell(upsert: readonly ConnectionRow[], remove: readonly string[]): void {
    for (const listener of this.changeListeners) listener(upsert, remove);
  }
}

function targetOf({ system, target }: ConnectionProfile): TargetSettings {
  return { system, target } as TargetSettings;
}

function notOpen(profile: ConnectionProfile, { state, failure }: ConnectionStatus): Failure {
  const hint =
    state === "closed" ? "Open the connection." : "Wait until it is open, or test it to see what fails.";
  return new Failure({
    code: "unreachable",
    message: `The connection ${profile.name} is ${state}, not open.`,
    // Nothing was sent: a command that needed this connection has certainly not been delivered.
    details: { connectionId: profile.id, state, delivered: false },
    hint: failure ? `${failure.message} ${hint}` : hint,
  });
}

function ownedByConsole(id: string): Failure {
  return new Failure({
    code: "conflict",
    message: "The playground's connection is made by the console and cannot be edited.",
    details: { connectionId: id },
    hint: "Save your settings under another id.",
  });
}

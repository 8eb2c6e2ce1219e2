import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { destinationsOf } from "../../shared/connections/destination.ts";
import {
  destinationOf,
  guardOfPlace,
  isLooser,
  leadsElsewhere,
} from "../../shared/connections/guarded-changes.ts";
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
import { type Clock, canonicalJson, Failure, invalidInput } from "../../shared/contract/index.ts";
import { Emitter } from "../upstream/emitter.ts";
import { type CheckPace, Connection, defaultPace } from "./connection.ts";
import { findContexts, type ImportResult, importContexts, ownSurroundings, toImportable } from "./import.ts";
import type { ImportSurroundings } from "./import-profile.ts";
import { type ProfileStore, Profiles } from "./profiles.ts";
import type { SecretStore } from "./secrets.ts";
import { SerialQueues } from "./serial-queues.ts";
import type { SessionDoor } from "./session-door.ts";
import { Sessions, type UseSession } from "./sessions.ts";
import type { SystemModule, SystemModules, SystemSession } from "./system-module.ts";
import { checkTarget, diagnoseTarget, moduleOf } from "./systems.ts";

export interface ConnectionManagerOptions {
  profiles: ProfileStore;
  secrets: SecretStore;
  clock: Clock;
  /** Whose contexts `discover` finds; those of the user who runs this process by default. */
  surroundings?: ImportSurroundings;
  modules: SystemModules;
  pace?: CheckPace;
  /** Receives what goes wrong where nobody waits for it: in a follower of sessions, at the end of a session. */
  onError(error: unknown): void;
}

/** What `save` takes: a profile without its id, and the secrets to be added or replaced. */
export interface ConnectionDraft {
  profile: ConnectionDraftProfile;
  secrets?: Secrets;
}

/**
 * All connections of the console: saved profiles, their secrets, and the sessions of those that are open. What changes
 * one connection (save, open, close, remove) runs one after the other; different connections do not wait for each other.
 */
export class ConnectionManager {
  private readonly options: ConnectionManagerOptions;
  private readonly profiles: Profiles;
  private readonly secrets: SecretStore;
  private readonly surroundings: ImportSurroundings;
  private readonly sessions: Sessions;
  private readonly queues = new SerialQueues();
  private readonly ephemeralSecrets = new Map<string, Secrets>();
  private readonly connections = new Map<string, Connection>();
  private isClosed = false;
  private readonly changes: Emitter<[upsert: readonly ConnectionRow[], remove: readonly string[]]>;

  constructor(options: ConnectionManagerOptions) {
    this.options = options;
    this.profiles = new Profiles(options.profiles);
    this.secrets = options.secrets;
    this.surroundings = options.surroundings ?? ownSurroundings();
    this.sessions = new Sessions(options.onError);
    this.changes = new Emitter(options.onError);
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
    const { profile, status } = this.require(id);
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
    return this.require(id).profile;
  }

  /** The profile of a connection that leads to this system, open or not. Throws `not_found` and `conflict`. */
  profileOf<S extends System>(id: string, system: S): ProfileOf<S> {
    const { profile } = this.require(id);
    if (profile.system === system) return profile as ProfileOf<S>;
    throw new Failure({
      code: "conflict",
      message: `The connection ${profile.name} leads to ${profile.system}, not to ${system}.`,
      details: { connectionId: id, system: profile.system, delivered: false },
      hint: "Choose a connection of the right kind.",
    });
  }

  /**
   * The session of an open connection, with `whileLost` also while its link is being made again. Throws `not_found`,
   * `conflict` where it leads to another system, and `unreachable`, with nothing delivered, while it is not open.
   */
  session<S extends System, Session extends SystemSession>(
    id: string,
    module: SystemModule<S, Session>,
    { whileLost = false }: { whileLost?: boolean } = {},
  ): Session {
    const profile = this.profileOf(id, module.system);
    const { status } = this.require(id);
    const session = status.state === "open" || whileLost ? this.sessions.find(id, module) : undefined;
    if (session) return session;
    throw notOpen(profile, status);
  }

  /** The session of a connection, also while its link is lost; undefined while there is none. */
  findSession<S extends System, Session extends SystemSession>(
    id: string,
    module: SystemModule<S, Session>,
  ): Session | undefined {
    return this.sessions.find(id, module);
  }

  /** Calls back with the session of a connection, or of each of its system where none is named: now and at each reopening. */
  follow<S extends System, Session extends SystemSession>(
    id: string | undefined,
    module: SystemModule<S, Session>,
    use: UseSession<Session>,
  ): () => void {
    return this.sessions.follow(id, module, use);
  }

  /**
   * The way to the session of the moment, for as long as the connection leads where it leads now. Throws `not_found` and
   * `conflict`.
   */
  door<S extends System, Session extends SystemSession>(
    id: string,
    module: SystemModule<S, Session>,
  ): SessionDoor<Session> {
    const begun = this.profileOf(id, module.system);
    return {
      get: () => {
        const profile = this.profile(id);
        if (leadsElsewhere(begun, profile)) throw elsewhere(profile);
        return this.session(id, module);
      },
      follow: (use) =>
        this.follow(id, module, (session, scope) => {
          if (!leadsElsewhere(begun, this.profile(id))) use(session, scope);
        }),
    };
  }

  /** SHA-256, hex, of where a connection leads; throws `not_found`. */
  destination(id: string): string {
    return createHash("sha256")
      .update(destinationOf(this.profile(id)))
      .digest("hex");
  }

  /** Calls back with each change of rows; returns what ends it. */
  onChange(listener: (upsert: readonly ConnectionRow[], remove: readonly string[]) => void): () => void {
    return this.changes.on(listener);
  }

  /** Starts opening every saved connection that wants it, without waiting. */
  openSaved(): void {
    for (const { profile } of this.connections.values())
      if (profile.openAtStart) this.open(profile.id).catch(this.options.onError);
  }

  /** Opens and waits for the first attempt; whether it worked is in the row. Throws `not_found`. */
  async open(id: string): Promise<ConnectionRow> {
    // Whoever closes or saves it meanwhile must not wait for the attempt, but end it.
    const { settled } = await this.queues.run(id, () => this.require(id).start());
    await settled;
    return this.row(id);
  }

  /** Closes, and stops retrying. Throws `not_found`. */
  async close(id: string): Promise<ConnectionRow> {
    await this.queues.run(id, () => this.require(id).stop());
    return this.row(id);
  }

  /** Closes all for good, at once, and opens none that is saved later: the end of the console waits for no keychain. */
  async closeAll(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.connections.values()].map((connection) => connection.end()));
  }

  /**
   * Saves a connection; given secrets replace those of the same name, the others stay as far as the sign-in uses them
   * and they were given for where the connection now leads.
   * An active connection is opened again when its target or its secrets changed. Throws `invalid_input` and `conflict`.
   */
  save(id: string, draft: ConnectionDraft): Promise<ConnectionRow> {
    return this.queues.run(id, () => this.saveNow(id, draft));
  }

  /** Changes the saved target of a connection that leads to this system, as it is when its turn has come. */
  edit<S extends System>(
    id: string,
    system: S,
    change: (target: ProfileOf<S>["target"]) => ProfileOf<S>["target"],
  ): Promise<ConnectionRow> {
    return this.queues.run(id, () => {
      const saved = this.profileOf(id, system);
      const { id: _id, playground: _playground, ...profile } = saved;
      const draft = { ...profile, target: change(saved.target as ProfileOf<S>["target"]) };
      return this.saveNow(id, { profile: draft as ConnectionDraftProfile });
    });
  }

  /** Adds and opens a connection that is not saved, nor are its secrets: the playground's. */
  addEphemeral(profile: ConnectionProfile, secrets: Secrets = {}): void {
    this.profiles.addEphemeral(profile);
    this.ephemeralSecrets.set(profile.id, secrets);
    this.prepare(profile);
    this.changes.emit([this.row(profile.id)], []);
    this.open(profile.id).catch(this.options.onError);
  }

  /** Closes and forgets a connection with its secrets. Throws `not_found`. */
  remove(id: string): Promise<void> {
    return this.queues.run(id, async () => {
      await this.require(id).end();
      this.ephemeralSecrets.delete(id);
      await this.secrets.remove(id);
      this.profiles.remove(id);
      this.connections.delete(id);
      this.changes.emit([], [id]);
    });
  }

  /**
   * Tries saved settings with the saved secrets, or given ones with given secrets alone: whoever chooses the address has
   * to know what is sent there. Throws `not_found` without settings.
   */
  async test(id: string, given: { settings?: TargetSettings; secrets?: Secrets } = {}): Promise<Diagnosis> {
    const { settings = targetOf(this.profile(id)) } = given;
    const saved = this.isSaved(id, settings) ? await this.savedSecrets(id, given.secrets) : {};
    return diagnoseTarget(this.options.modules, settings, { ...saved, ...given.secrets });
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
    return findContexts(this.surroundings, this.connections.keys());
  }

  private require(id: string): Connection {
    const connection = this.connections.get(id);
    if (connection) return connection;
    throw new Failure({
      code: "not_found",
      message: `There is no connection ${id}.`,
      details: { connectionId: id },
      hint: "List the connections to see their ids.",
    });
  }

  private prepare(profile: ConnectionProfile): Connection {
    const { id } = profile;
    const { modules, clock, pace = defaultPace, onError } = this.options;
    const connection = new Connection(profile, {
      module: (leadingTo) => moduleOf(modules, leadingTo),
      secrets: (leadingTo) => this.secretsOf(leadingTo),
      sessions: this.sessions,
      clock,
      pace,
      onStatus: () => {
        if (this.connections.get(id) === connection) this.changes.emit([this.row(id)], []);
      },
      onError,
    });
    this.connections.set(id, connection);
    if (this.isClosed) void connection.end();
    return connection;
  }

  private async saveNow(id: string, draft: ConnectionDraft): Promise<ConnectionRow> {
    if (this.profiles.isEphemeral(id)) throw ownedByConsole(id);
    const parsed = connectionProfileSchema.safeParse({ ...draft.profile, id, playground: false });
    if (!parsed.success) throw invalidInput(parsed.error);
    const profile = parsed.data;
    checkTarget(profile);
    const secretsChanged = await this.saveSecrets(profile, draft.secrets ?? {});
    this.profiles.save(profile);
    const connection = this.connections.get(id);
    if (connection) await connection.replace(profile, secretsChanged);
    else this.prepare(profile);
    const row = this.row(id);
    if (!connection) this.changes.emit([row], []);
    return row;
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

function elsewhere({ id, name }: ConnectionProfile): Failure {
  return new Failure({
    code: "conflict",
    message: `The connection ${name} leads elsewhere since: what is there says nothing of this command.`,
    details: { connectionId: id },
    hint: "Look at the system that the connection led to when the command was given.",
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

import { join } from "node:path";
import { operations, topics } from "../../shared/catalogue.ts";
import type { ConnectionProfile } from "../../shared/connections/schema.ts";
import type { OldElectron, Preferences } from "../../shared/console/schema.ts";
import type { Activity, Guard, TopicSources } from "../../shared/contract/index.ts";
import { activityHandlers } from "../bridge/activity/handlers.ts";
import { Confirmations } from "../bridge/confirmation.ts";
import { Dispatcher } from "../bridge/dispatcher.ts";
import { EventHub } from "../bridge/event-hub.ts";
import { guardHandlers } from "../bridge/guard-handlers.ts";
import { type AnyHandler, HandlerTable } from "../bridge/handler-table.ts";
import { httpApp } from "../bridge/http/app.ts";
import { Unlocks } from "../bridge/unlocks.ts";
import { connectionsHandlers, connectionsTopicSources } from "../connections/handlers.ts";
import { ConnectionManager } from "../connections/manager.ts";
import type { SecretStore } from "../connections/secrets.ts";
import type { CommandWaits as FluxWaits } from "../flux/commands/command-parts.ts";
import { HttpInterface, type Listening } from "../http-interface.ts";
import { TokenStore } from "../http-tokens.ts";
import type { CommandWaits as LatticeWaits } from "../lattice/commands/command-parts.ts";
import { contentSecurityPolicy } from "../page-files.ts";
import type { DataFolder } from "../storage/data-folder.ts";
import { openStorage } from "../storage/storage.ts";
import type { Storage } from "../storage/stores.ts";
import { systemClock } from "../upstream/clock.ts";
import { type Activities, consoleActivities } from "./activities.ts";
import { buildInfo } from "./build-info.ts";
import { eventsHandlers, eventsTopicSources } from "./events.ts";
import type { Log } from "./log.ts";
import { PlaygroundController, type PlaygroundEvents } from "./playground-controller.ts";
import { preferencesHandlers } from "./preferences.ts";
import { type Features, openSystems, systemFeatures } from "./systems.ts";

export interface ConsoleOptions {
  mode: "desktop" | "headless";
  version: string;
  /** Where the window's Electron is older than the application is built for. */
  oldElectron?: OldElectron | undefined;
  /** Where databases and tokens live; released when the console is closed. */
  folder: DataFolder;
  /** Where the files lie that callers over HTTP may name; `files` in the folder above without it. */
  files?: string | undefined;
  /** What was found before the start, in sentences for a person. */
  notices?: readonly string[];
  secrets: SecretStore;
  playground: "first-start" | "always" | "never";
  /** File of the HTTP interface's bearer token; made when it is first needed. */
  tokenFile: string;
  /** Folder of the renderer's files, to be served over HTTP. */
  pages?: string;
  /** New guards of saved connections, by id, as the person who starts the console wants them. */
  guards?: ReadonlyMap<string, Guard>;
  /** How long evidence of commands to lattices is waited for, where the defaults do not suit. */
  waits?: Partial<LatticeWaits>;
  /** The same for commands to Flux daemons. */
  fluxWaits?: Partial<FluxWaits>;
  log: Log;
}

export interface Console {
  dispatcher: Dispatcher;
  hub: EventHub;
  /** Subscribes to each step of each activity; returns an unsubscribe function. */
  onActivity(listener: (activity: Activity) => void): () => void;
  preferences(): Preferences;
  /** A connection's profile; undefined where there is none of that id. */
  profile(connectionId: string): ConnectionProfile | undefined;
  /** Shows a sentence about the console itself until the operator dismisses it. */
  addNotice(text: string): void;
  /** Opens the HTTP interface on loopback. */
  listen(port: number): Promise<Listening>;
  close(): Promise<void>;
}

/** Sets a guard for the person at the command line, who stands for the window where there is none; recorded like any other. */
async function setGuard(
  { dispatcher, connections, log }: { dispatcher: Dispatcher; connections: ConnectionManager; log: Log },
  id: string,
  guard: Guard,
): Promise<void> {
  const saved = connections.find(id);
  if (!saved) throw new Error(`--guard names the connection ${id}, and there is none`);
  const { id: connectionId, playground: _playground, ...profile } = saved;
  const input = { connectionId, profile: { ...profile, guard } };
  const context = { transport: "ipc", actor: "command line", scope: "change" } as const;
  const asked = await dispatcher.call("connections.save", input, {}, context);
  const token = asked.ok ? undefined : asked.failure.details?.token;
  const confirmation = { token: String(token), phrase: saved.name };
  const reply =
    token === undefined ? asked : await dispatcher.call("connections.save", input, { confirmation }, context);
  if (!reply.ok) throw new Error(`the guard of ${id} could not be set: ${reply.failure.message}`);
  log.info(`the guard of ${id} was ${saved.guard} and is ${guard} now`);
}

/** Opens what opens by itself, but no listener: its port, and what daemons post there, is for the console that has the folder. */
function openToLook(connections: ConnectionManager): void {
  const reached = connections.all().filter(({ openAtStart, system }) => openAtStart && system !== "flux");
  for (const { id } of reached) void connections.open(id);
}

/** What the console is made of, in the order in which it is made. */
interface Parts {
  options: ConsoleOptions;
  storage: Storage;
  activities: Activities;
  connections: ConnectionManager;
  features: Features;
  unlocks: Unlocks;
  playground: PlaygroundController;
  http: HttpInterface;
  dispatcher: Dispatcher;
  hub: EventHub;
}

const now = (): number => Date.now();

/** Puts the console together: connections, features, dispatcher, live topics. */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const parts = assemble(options);
  const { connections, activities } = parts;
  const { readOnly } = options.folder;
  if (!readOnly) activities.engine.recover();
  followRemovals(parts);
  if (readOnly) openToLook(connections);
  else connections.openSaved();
  startPlayground(parts);
  const started = consoleOf(parts);
  try {
    for (const [id, guard] of options.guards ?? []) await setGuard({ ...parts, log: options.log }, id, guard);
  } catch (error) {
    await started.close();
    throw error;
  }
  return started;
}

function assemble(options: ConsoleOptions): Parts {
  const { log, folder, secrets } = options;
  const storage = openLoggedStorage(options);
  const systems = openSystems({ storage, log });
  const connections = new ConnectionManager({
    profiles: storage.profiles,
    secrets,
    clock: systemClock,
    modules: systems,
    onError: (error) => log.error("following a connection failed", error),
  });
  const activities = consoleActivities({
    storage,
    log,
    readOnly: folder.readOnly,
    prepareAgain: (activity, context) => dispatcher.prepareAgain(activity, context),
  });
  const waits = { lattice: options.waits, flux: options.fluxWaits };
  const features = systemFeatures({ systems, connections, storage, secrets, activities, log, waits });
  const unlocks = new Unlocks(now);
  const playground = new PlaygroundController();
  const http = httpInterface(options, storage, () => ({ dispatcher, hub }));
  const made = { options, storage, activities, connections, features, unlocks, playground, http };
  const dispatcher: Dispatcher = new Dispatcher({
    operations,
    handlers: allHandlers(made),
    connection: (id) => connections.profile(id),
    connections: () => connections.all(),
    destination: (id) => connections.destination(id),
    activities: activities.engine,
    readOnly: folder.readOnly,
    confirmations: new Confirmations(now, unlocks),
    onInternalError: (name, error) => log.error(`${name} failed`, error),
  });
  const hub = new EventHub(topics, allTopicSources(made));
  return { ...made, dispatcher, hub };
}

function openLoggedStorage({ folder, notices = [], log }: ConsoleOptions): Storage {
  const storage = openStorage(folder, now);
  storage.notices.unshift(...notices);
  for (const notice of storage.notices) log.warn(notice);
  const { sequence, hash } = storage.activities.end();
  log.info(`the activity log ends with record ${sequence}, hash ${hash}`);
  return storage;
}

function httpInterface(
  options: ConsoleOptions,
  storage: Storage,
  target: () => Pick<Parts, "dispatcher" | "hub">,
): HttpInterface {
  const { folder, log } = options;
  return new HttpInterface({
    mode: options.mode,
    tokenFile: options.tokenFile,
    tokens: new TokenStore({
      file: join(folder.writable, "http-tokens.json"),
      usedFile: join(folder.writable, "http-tokens-used.json"),
      now,
      onProblem: (problem) => {
        log.warn(problem);
        storage.notices.push(problem);
      },
    }),
    now,
    app: (access, port) =>
      httpApp({
        operations,
        ...target(),
        access,
        version: options.version,
        port,
        pages: options.pages ? { folder: options.pages, policy: contentSecurityPolicy } : undefined,
      }),
  });
}

function allHandlers(parts: Omit<Parts, "dispatcher" | "hub">): Record<string, AnyHandler> {
  const { options, storage, activities, connections, features, unlocks, playground, http } = parts;
  return HandlerTable.empty
    .with(http.handlers)
    .with(connectionsHandlers(connections, options.files ?? join(options.folder.directory, "files")))
    .with(guardHandlers(unlocks))
    .with(activityHandlers(activities.engine, storage.activities))
    .with(eventsHandlers(storage.events))
    .with(
      preferencesHandlers(storage.preferences, ({ keepActivities: { days, atMost } }) => {
        options.log.info(`activities are kept for ${days} days, ${atMost} at most`);
        storage.pruneActivities();
      }),
    )
    .with(features.lattice.handlers)
    .with(features.flowfabric.handlers)
    .with(features.forge.handlers)
    .with(features.flux.handlers)
    .with(playground.handlers)
    .with({
      "console.info": () => ({
        name: "Switchyard",
        version: options.version,
        ...buildInfo(),
        mode: options.mode,
        platform: process.platform,
        ...(options.oldElectron && { oldElectron: options.oldElectron }),
        secretStorage: options.secrets.kind,
        notices: [...storage.notices, ...connections.notices],
      }),
    })
    .complete(operations);
}

function allTopicSources({
  storage,
  activities,
  connections,
  features,
  unlocks,
}: Omit<Parts, "dispatcher" | "hub">): TopicSources<typeof topics> {
  return {
    ...connectionsTopicSources(connections),
    ...eventsTopicSources(storage.events, features.lattice),
    ...features.lattice.topicSources,
    ...features.flowfabric.topicSources,
    ...features.forge.topicSources,
    ...features.flux.topicSources,
    activity: activities.engine,
    guards: unlocks,
  };
}

function followRemovals({ connections, unlocks, storage }: Parts): void {
  connections.onChange((upsert, remove) => {
    // To ask is enough: a connection that is not the one whose name was typed is locked.
    for (const { profile } of upsert) unlocks.isUnlocked(profile);
    for (const id of remove) {
      unlocks.lock(id);
      storage.forget(id);
    }
  });
}

function startPlayground({ options, connections, storage, playground }: Parts): void {
  const firstStart = connections.rows().length === 0;
  if (options.playground !== "always" && !(options.playground === "first-start" && firstStart)) return;
  const audience: PlaygroundEvents = {
    onConnection: ({ profile, secrets }) => connections.addEphemeral(profile, secrets),
    onProblem: (problem) => storage.notices.push(problem),
  };
  void playground.start(audience).catch((error: unknown) => {
    options.log.error("the playground could not start", error);
    storage.notices.push(
      `The playground could not start: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
}

function consoleOf(parts: Parts): Console {
  const { dispatcher, hub, activities, storage, connections, http, unlocks, features, playground } = parts;
  return {
    dispatcher,
    hub,
    onActivity: activities.onActivity,
    preferences: () => storage.preferences.load(),
    profile: (id) => connections.find(id),
    addNotice: (text) => void storage.notices.push(text),
    listen: (port) => http.listen(port),
    close: async () => {
      hub.close("The console is closing.");
      await http.close();
      activities.engine.close();
      unlocks.close();
      for (const feature of Object.values(features)) feature.close?.();
      await connections.closeAll();
      await playground.close();
      storage.close();
    },
  };
}

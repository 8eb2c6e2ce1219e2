import { join } from "node:path";
import { operations, topics } from "../../shared/catalogue.ts";
import type { ConnectionProfile } from "../../shared/connections/schema.ts";
import type { OldElectron, Preferences } from "../../shared/console/schema.ts";
import type { Activity, CommandExecution, Guard } from "../../shared/contract/index.ts";
import { ActivityEngine } from "../bridge/activity/engine.ts";
import { activityHandlers } from "../bridge/activity/handlers.ts";
import { Confirmations } from "../bridge/confirmation.ts";
import { Dispatcher } from "../bridge/dispatcher.ts";
import { EventHub } from "../bridge/event-hub.ts";
import { guardHandlers } from "../bridge/guard-handlers.ts";
import { HandlerTable } from "../bridge/handler-table.ts";
import { httpApp } from "../bridge/http/app.ts";
import { Unlocks } from "../bridge/unlocks.ts";
import { connectionsHandlers, connectionsTopicSources } from "../connections/handlers.ts";
import { ConnectionManager } from "../connections/manager.ts";
import type { SecretStore } from "../connections/secrets.ts";
import { flowfabricFeature } from "../flowfabric/feature.ts";
import { flowfabricSystem } from "../flowfabric/system.ts";
import type { FluxWaits } from "../flux/commands/command-parts.ts";
import { defaultFluxSystem, fluxFeature } from "../flux/feature.ts";
import { forgeFeature } from "../forge/feature.ts";
import { forgeSystem } from "../forge/system.ts";
import { HttpInterface, type Listening } from "../http-interface.ts";
import { TokenStore } from "../http-tokens.ts";
import type { CommandWaits } from "../lattice/commands/command-waits.ts";
import { latticeFeature } from "../lattice/feature.ts";
import { latticeSystem } from "../lattice/system.ts";
import { contentSecurityPolicy } from "../page-files.ts";
import type { DataFolder } from "../storage/data-folder.ts";
import { openStorage } from "../storage/storage.ts";
import { systemClock } from "../upstream/clock.ts";
import { buildInfo } from "./build-info.ts";
import { eventsHandlers, eventsTopicSources } from "./events.ts";
import type { Log } from "./log.ts";
import { PlaygroundController, type PlaygroundEvents } from "./playground-controller.ts";
import { preferencesHandlers } from "./preferences.ts";

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
  /** How long evidence of commands to lattices is waited for, where the usual times do not suit. */
  waits?: Partial<CommandWaits>;
  /** The same for commands to Flux daemons. */
  fluxWaits?: Partial<FluxWaits>;
  log: Log;
}

export interface Console {
  dispatcher: Dispatcher;
  hub: EventHub;
  /** Hears each step of each activity; answers what ends it. */
  onActivity(listener: (activity: Activity) => void): () => void;
  preferences(): Preferences;
  /** A connection's profile; undefined where there is none of that id. */
  profile(connectionId: string): ConnectionProfile | undefined;
  /** Shows a sentence about the console itself until the operator puts it away. */
  addNotice(text: string): void;
  /** Opens the HTTP interface on loopback. */
  listen(port: number): Promise<Listening>;
  close(): Promise<void>;
}

/** A change that is open for longer than a day is left to the operator. */
const resumedForMs = 86_400_000;

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

/** Puts the console together: connections, features, dispatcher, live topics. */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const { log } = options;
  const now = () => Date.now();
  const { folder } = options;
  const storage = openStorage(folder, now);
  storage.notices.unshift(...(options.notices ?? []));
  for (const notice of storage.notices) log.warn(notice);
  const { sequence, hash } = storage.activities.end();
  log.info(`the activity log ends with record ${sequence}, hash ${hash}`);
  const clock = systemClock;
  const systems = {
    lattice: latticeSystem({
      sink: storage.events,
      clock,
      onError: (error) => log.error("following a lattice failed", error),
    }),
    flowfabric: flowfabricSystem(),
    forge: forgeSystem({
      recorder: storage.metrics,
      clock,
      onError: (error) => log.error("figures of a jobs server could not be recorded", error),
    }),
    flux: defaultFluxSystem({
      events: storage.fluxEvents,
      clock,
      onError: (error) => log.error("listening for Flux daemons failed", error),
    }),
  };
  const connections = new ConnectionManager({
    profiles: storage.profiles,
    secrets: options.secrets,
    clock,
    modules: systems,
    onError: (error) => log.error("following a connection failed", error),
  });
  const lattice = latticeFeature({
    system: systems.lattice,
    connections,
    activities: storage.activities,
    events: storage.events,
    now,
    waits: options.waits,
  });
  const flowfabric = flowfabricFeature({
    system: systems.flowfabric,
    connections,
    rotations: storage.rotations,
    secrets: options.secrets,
    now,
    onError: (error) => log.error("a rotation could not be kept", error),
  });
  const forge = forgeFeature({ system: systems.forge, connections, metrics: storage.metrics, now });
  const flux = fluxFeature({
    system: systems.flux,
    connections,
    events: storage.fluxEvents,
    now,
    waits: options.fluxWaits,
  });
  const playground = new PlaygroundController();

  const activities = new ActivityEngine({
    journal: {
      append: (activity) => storage.activities.append(activity),
      get: (id) => storage.activities.get(id),
      unsettled: () => storage.activities.unsettled(),
      newest: (limit) => storage.activities.list({ limit }),
    },
    clock,
    prepareAgain: (activity, context): Promise<CommandExecution> =>
      dispatcher.prepareAgain(activity, context),
    onJournalError: (error) =>
      log.error("steps of activities cannot be written; they are kept in memory until they can", error),
    onJournalRestored: () => log.info("all steps of activities are written again"),
  });
  const unlocks = new Unlocks(now);
  const http = new HttpInterface({
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
        dispatcher,
        hub,
        access,
        version: options.version,
        port,
        pages: options.pages ? { folder: options.pages, policy: contentSecurityPolicy } : undefined,
      }),
  });
  const console = {
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
  };
  const handlers = HandlerTable.empty
    .with(http.handlers)
    .with(connectionsHandlers(connections, options.files ?? join(folder.directory, "files")))
    .with(guardHandlers(unlocks))
    .with(activityHandlers(activities, storage.activities))
    .with(eventsHandlers(storage.events))
    .with(
      preferencesHandlers(storage.preferences, ({ keepActivities: { days, atMost } }) => {
        log.info(`activities are kept for ${days} days, ${atMost} at most`);
        storage.pruneActivities();
      }),
    )
    .with(lattice.handlers)
    .with(flowfabric.handlers)
    .with(forge.handlers)
    .with(flux.handlers)
    .with(playground.handlers)
    .with(console)
    .complete(operations);
  const dispatcher: Dispatcher = new Dispatcher({
    operations,
    handlers,
    connection: (id) => connections.profile(id),
    connections: () => connections.all(),
    destination: (id) => connections.destination(id),
    activities,
    readOnly: folder.readOnly,
    confirmations: new Confirmations(now, unlocks),
    onInternalError: (name, error) => log.error(`${name} failed`, error),
  });
  const hub = new EventHub(topics, {
    ...connectionsTopicSources(connections),
    ...eventsTopicSources(storage.events, lattice),
    ...lattice.topicSources,
    ...flowfabric.topicSources,
    ...forge.topicSources,
    ...flux.topicSources,
    activity: activities,
    guards: unlocks,
  });

  activities.follow(undefined, ([activity]) => {
    if (activity) lattice.remember(activity);
  });
  if (!folder.readOnly) {
    activities.recover();
    flux.resume({
      list: (connectionId) =>
        storage.activities.list({
          connectionId,
          state: "unknown,confirmed",
          from: new Date(now() - resumedForMs).toISOString(),
          limit: 50,
        }),
      resume: (id) => activities.resume(id),
      reconcile: (id) => activities.reconcile(id),
    });
  }
  connections.onChange((upsert, remove) => {
    // To ask is enough: a connection that is not the one whose name was typed is locked.
    for (const { profile } of upsert) unlocks.isUnlocked(profile);
    for (const id of remove) {
      unlocks.lock(id);
      storage.forget(id);
    }
  });
  if (folder.readOnly) openToLook(connections);
  else connections.openSaved();
  const firstStart = connections.rows().length === 0;
  if (options.playground === "always" || (options.playground === "first-start" && firstStart)) {
    const audience: PlaygroundEvents = {
      onConnection: ({ profile, secrets }) => connections.addEphemeral(profile, secrets),
      onProblem: (problem) => storage.notices.push(problem),
    };
    void playground.start(audience).catch((error: unknown) => {
      log.error("the playground could not start", error);
      storage.notices.push(
        `The playground could not start: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  }

  const started: Console = {
    dispatcher,
    hub,
    onActivity: (listener) =>
      activities.follow(undefined, (upsert) => {
        for (const activity of upsert) listener(activity);
      }),
    preferences: () => storage.preferences.load(),
    profile: (id) => connections.find(id),
    addNotice: (text) => void storage.notices.push(text),
    listen: (port) => http.listen(port),
    close: async () => {
      hub.close("The console is closing.");
      await http.close();
      activities.close();
      unlocks.close();
      flowfabric.close();
      await connections.closeAll();
      await playground.close();
      storage.close();
    },
  };
  try {
    for (const [id, guard] of options.guards ?? [])
      await setGuard({ dispatcher, connections, log }, id, guard);
  } catch (error) {
    await started.close();
    throw error;
  }
  return started;
}

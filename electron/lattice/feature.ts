import type { Activity, Handlers } from "../../shared/contract/index.ts";
import type { EventRow } from "../../shared/events/schema.ts";
import type { hostOperations } from "../../shared/lattice/host-operations.ts";
import type { latticeOperations } from "../../shared/lattice/operations.ts";
import type { latticeTopics } from "../../shared/lattice/topics.ts";
import type { ConnectionManager } from "../connections/manager.ts";
import type { Scope } from "../connections/scope.ts";
import { SerialQueues } from "../connections/serial-queues.ts";
import type { SystemFeature } from "../connections/system-module.ts";
import { timestamp } from "../upstream/evidence.ts";
import { artifactHandlers } from "./commands/artifact-handlers.ts";
import { auctionHandlers } from "./commands/auction-handlers.ts";
import { type CommandParts, type CommandWaits, defaultWaits } from "./commands/command-parts.ts";
import { componentHandlers } from "./commands/components/component-handlers.ts";
import { type LastImages, recallImages, takeChangedImages } from "./commands/components/image-recall.ts";
import { scaleHandlers } from "./commands/components/scale-handlers.ts";
import { UpdateHistory } from "./commands/components/update-history.ts";
import { isScaled } from "./commands/components/update-pairs.ts";
import type { EventHistory } from "./commands/components/update-recall.ts";
import { configHandlers } from "./commands/config-handlers.ts";
import { type ActivityHistory, ConfigHistory } from "./commands/config-history.ts";
import { hostStopExecution } from "./commands/host-stop.ts";
import { labelHandlers } from "./commands/label-handlers.ts";
import { linkHandlers } from "./commands/link-handlers.ts";
import { providerHandlers } from "./commands/provider-handlers.ts";
import { previewStop } from "./commands/stop-preview.ts";
import { latticeQueryHandlers } from "./queries.ts";
import type { LatticeSession } from "./session/lattice-session.ts";
import { latticeTopicSources } from "./session/lattice-topics.ts";
import type { LatticeSystem } from "./system.ts";

export interface LatticeFeatureParts {
  system: LatticeSystem;
  connections: ConnectionManager;
  activities: ActivityHistory;
  /** Calls back with each activity that has moved on. */
  onActivity(listener: (activity: Activity) => void): () => void;
  events: EventHistory;
  now(): number;
  /** How long evidence is waited for, where the defaults do not suit. */
  waits?: Partial<CommandWaits> | undefined;
}

/** A lattice as topics and the event log name it. */
export interface LatticeAddress {
  connectionId: string;
  lattice: string;
}

export interface LatticeFeature extends SystemFeature<typeof latticeOperations, typeof latticeTopics> {
  /** The lattice that an address means: the profile's own where it names none. */
  address(scope: { connectionId?: string; lattice?: string }): LatticeAddress;
  /** Follows the kept events of one lattice. */
  followEventRows(address: LatticeAddress, onRows: (rows: readonly EventRow[]) => void): () => void;
}

/** Everything about wasmCloud lattices: follows each open connection and offers operations and topics. */
export function latticeFeature(parts: LatticeFeatureParts): LatticeFeature {
  const { system, connections, now } = parts;
  const history = new ConfigHistory(parts.activities);
  const updates = new UpdateHistory(parts.activities, parts.events);
  const commands: CommandParts = {
    session: ({ connectionId, lattice }) => connections.session(connectionId, system).lattice(lattice),
    door: ({ connectionId, lattice }) => {
      const sessions = connections.door(connectionId, system);
      return {
        get: () => sessions.get().lattice(lattice),
        follow: (use) => sessions.follow((lattices, scope) => use(lattices.lattice(lattice), scope)),
      };
    },
    jetStreamDomain: (connectionId) => connections.profileOf(connectionId, "lattice").target.jetStreamDomain,
    history,
    updates,
    linkQueues: new SerialQueues(),
    waits: { ...defaultWaits, ...parts.waits },
    now,
  };
  parts.onActivity((activity) => {
    history.remember(activity);
    updates.remember(activity);
  });
  connections.follow(undefined, system, (lattices, scope, connectionId) => {
    scope.onEnd(lattices.onEventRows(({ lattice, rows }) => history.hear(connectionId, lattice, rows)));
    void updates.recall(connectionId);
    const images = recallImages(parts.events, connectionId, timestamp({ now })).catch(() => new Map());
    scope.onEnd(lattices.onEachSession((session) => followUpdates(session, scope, { updates, images, now })));
  });
  return {
    handlers: {
      ...latticeQueryHandlers((id) => connections.session(id, system, { whileLost: true })),
      ...scaleHandlers(commands),
      ...componentHandlers(commands),
      ...providerHandlers(commands),
      ...hostHandlers(commands),
      ...labelHandlers(commands),
      ...auctionHandlers(commands),
      ...linkHandlers(commands),
      ...configHandlers(commands),
      ...artifactHandlers(commands),
    },
    topicSources: latticeTopicSources(connections, system),
    address: ({ connectionId = "", lattice }) => ({
      connectionId,
      lattice: lattice ?? connections.profileOf(connectionId, "lattice").target.lattice,
    }),
    followEventRows: (address, onRows) =>
      connections.follow(address.connectionId, system, (lattices, scope) =>
        scope.onEnd(
          lattices.onEventRows(({ lattice, rows }) => {
            if (lattice === address.lattice) onRows(rows);
          }),
        ),
      ),
  };
}

function followUpdates(
  session: LatticeSession,
  scope: Scope,
  { updates, images, now }: { updates: UpdateHistory; images: Promise<LastImages>; now: () => number },
): void {
  const { connectionId, lattice } = session;
  const noteChanged = ({ hostId, id }: { hostId: string; id: string }): void =>
    updates.imageChanged({ connectionId, lattice, hostId, id }, timestamp({ now }));
  scope.onEnd(
    session.onEvent((event) => {
      if (isScaled(event)) updates.hear(connectionId, lattice, event, timestamp({ now }));
    }),
  );
  scope.onEnd(session.onImageChange(noteChanged));
  scope.onEnd(
    session.onRead(() => {
      void images.then((last) => takeChangedImages(last, session).forEach(noteChanged));
    }),
  );
}

type HostOperations = Pick<typeof hostOperations, "lattice.hosts.preview-stop" | "lattice.hosts.stop">;

/** Handlers that preview and carry out the stop of a host. */
function hostHandlers(parts: CommandParts): Handlers<HostOperations> {
  return {
    "lattice.hosts.preview-stop": async (input) => {
      const session = parts.session(input);
      const { raw: _raw, ...reading } = await session.hostInventory(input.hostId);
      const lattice = {
        hosts: session.hosts(),
        components: session.components(),
        providers: session.providers(),
        links: session.links(),
        linksReadAt: session.row().linksReadAt,
      };
      return previewStop({ ...reading, lattice });
    },
    "lattice.hosts.stop": async ({ hostId, timeoutMs, ...scope }) =>
      hostStopExecution(parts, scope, { hostId, timeoutMs }),
  };
}

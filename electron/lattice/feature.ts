import type { Activity, Handlers, TopicSources } from "../../shared/contract/index.ts";
import type { EventRow } from "../../shared/events/schema.ts";
import type { latticeOperations } from "../../shared/lattice/operations.ts";
import type { latticeTopics } from "../../shared/lattice/topics.ts";
import type { ConnectionManager } from "../connections/manager.ts";
import { artifactHandlers } from "./artifact-handlers.ts";
import { auctionHandlers } from "./auction-handlers.ts";
import type { CommandParts } from "./command-parts.ts";
import { type CommandWaits, usualWaits } from "./command-waits.ts";
import { componentHandlers } from "./component-handlers.ts";
import { configHandlers } from "./config-handlers.ts";
import { type ActivityHistory, ConfigHistory } from "./config-history.ts";
import type { EventSink } from "./event-ledger.ts";
import { hostHandlers } from "./host-handlers.ts";
import { labelHandlers } from "./label-handlers.ts";
import { latticeQueryHandlers } from "./lattice-queries.ts";
import { LatticeSessions } from "./lattice-sessions.ts";
import { latticeTopicSources } from "./lattice-topics.ts";
import { linkHandlers } from "./link-handlers.ts";
import { providerHandlers } from "./provider-handlers.ts";
import { scaleHandlers } from "./scale-handlers.ts";

export interface LatticeFeatureParts {
  connections: ConnectionManager;
  events: EventSink;
  activities: ActivityHistory;
  now(): number;
  onError(error: unknown): void;
  /** How long evidence is waited for, where the usual times do not suit. */
  waits?: Partial<CommandWaits> | undefined;
}

/** A lattice as topics and the event log name it. */
export interface LatticeAddress {
  connectionId: string;
  lattice: string;
}

export interface LatticeFeature {
  handlers: Handlers<typeof latticeOperations>;
  topicSources: TopicSources<typeof latticeTopics>;
  /** The lattice that an address means: the profile's own where it names none. */
  address(scope: { connectionId?: string; lattice?: string }): LatticeAddress;
  /** Follows the kept events of one lattice. */
  followEventRows(address: LatticeAddress, onRows: (rows: readonly EventRow[]) => void): () => void;
  /** Takes note of an activity that has moved on. */
  remember(activity: Activity): void;
  close(): void;
}

/** Everything about wasmCloud lattices: follows each open connection and offers operations and topics. */
export function latticeFeature(parts: LatticeFeatureParts): LatticeFeature {
  const { connections, now } = parts;
  const sessions = new LatticeSessions({ sink: parts.events, onError: parts.onError });
  const history = new ConfigHistory(parts.activities);
  const commands: CommandParts = {
    session: ({ connectionId, lattice }) => {
      // Says why a connection is not open, and `not_found` for one that does not exist.
      connections.nats(connectionId);
      return sessions.get(connectionId, lattice);
    },
    jetStreamDomain: (connectionId) => connections.profileOf(connectionId, "lattice").target.jetStreamDomain,
    history,
    waits: { ...usualWaits, ...parts.waits },
    now,
  };
  sessions.onEventRows((connectionId, lattice, rows) => history.hear(connectionId, lattice, rows));
  connections.onOpened((profile, nats) => void sessions.attach(profile, nats));
  connections.onClosed((connectionId) => sessions.detach(connectionId));
  return {
    handlers: {
      ...latticeQueryHandlers(sessions),
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
    topicSources: latticeTopicSources(sessions),
    address: ({ connectionId = "", lattice }) => ({
      connectionId,
      lattice: lattice ?? connections.profileOf(connectionId, "lattice").target.lattice,
    }),
    followEventRows: (address, onRows) =>
      sessions.onEventRows((connectionId, lattice, rows) => {
        if (connectionId === address.connectionId && lattice === address.lattice) onRows(rows);
      }),
    remember: (activity) => history.remember(activity),
    close: () => sessions.close(),
  };
}

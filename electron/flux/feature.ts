import type { TopicSources } from "../../shared/contract/index.ts";
import type { fluxOperations } from "../../shared/flux/operations.ts";
import { fluxTopics } from "../../shared/flux/topics.ts";
import type { ConnectionManager } from "../connections/manager.ts";
import { sessionTopic } from "../connections/session-topic.ts";
import type { SystemFeature } from "../connections/system-module.ts";
import { type CommandParts, type CommandWaits, defaultWaits } from "./commands/command-parts.ts";
import { daemonHandlers } from "./commands/daemon-handlers.ts";
import { policyHandlers } from "./commands/policy-handlers.ts";
import { releaseHandlers } from "./commands/release-handlers.ts";
import { type PendingChanges, resumeChanges } from "./commands/resume-changes.ts";
import { tokenHandlers } from "./commands/token-handlers.ts";
import { queryHandlers } from "./queries/query-handlers.ts";
import type { FluxEventStore } from "./session/event-store.ts";
import type { FluxSystem } from "./system.ts";

export interface FluxFeatureParts {
  system: FluxSystem;
  connections: ConnectionManager;
  events: FluxEventStore;
  /** Changes that are still open, to be resumed when their daemon comes. */
  pending: PendingChanges | undefined;
  now(): number;
  /** How long evidence is waited for, where the defaults do not suit. */
  waits?: Partial<CommandWaits> | undefined;
}

export type FluxFeature = SystemFeature<typeof fluxOperations, typeof fluxTopics>;

/** Everything about Flux daemons: who may come, what they say, and what they are told to do. */
export function fluxFeature({
  system,
  connections,
  events,
  pending,
  now,
  waits,
}: FluxFeatureParts): FluxFeature {
  const parts: CommandParts = {
    session: ({ connectionId, daemonId }) => connections.session(connectionId, system).daemon(daemonId),
    listener: (id) => connections.session(id, system),
    door: ({ connectionId, daemonId }) => {
      const sessions = connections.door(connectionId, system);
      return {
        get: () => sessions.get().daemon(daemonId),
        follow: (use) =>
          sessions.follow((session, scope) => {
            const daemon = session.findDaemon(daemonId);
            if (daemon) use(daemon, scope);
          }),
      };
    },
    known: (connectionId) => {
      connections.profileOf(connectionId, "flux");
    },
    waits: { ...defaultWaits, ...waits },
    now,
  };
  if (pending) resumeChanges(connections, system, pending);
  return {
    handlers: {
      ...queryHandlers(parts, events),
      ...tokenHandlers(parts, connections),
      ...releaseHandlers(parts),
      ...policyHandlers(parts),
      ...daemonHandlers(parts),
    },
    topicSources: fluxTopicSources(connections, system, events),
  };
}

/** Where the rows of the Flux topics come from; they follow a connection over its closings and openings. */
function fluxTopicSources(
  connections: Pick<ConnectionManager, "findSession" | "follow">,
  system: FluxSystem,
  events: FluxEventStore,
): TopicSources<typeof fluxTopics> {
  return {
    "flux.daemons": sessionTopic({
      find: ({ connectionId = "" }) => connections.findSession(connectionId, system),
      follow: ({ connectionId = "" }, use) => connections.follow(connectionId, system, use),
      rows: (session) => session.rows(),
      key: fluxTopics["flux.daemons"].key,
      onChange: (session, listener) => session.changes.on(({ upsert, remove }) => listener(upsert, remove)),
    }),
    "flux.events": {
      snapshot: ({ connectionId = "" }) => events.list({ connectionId, limit: 500 }).reverse(),
      follow: ({ connectionId = "" }, onChange) =>
        connections.follow(connectionId, system, (session, scope) =>
          scope.onEnd(session.newEvents.on((event) => onChange([event], []))),
        ),
    },
  };
}

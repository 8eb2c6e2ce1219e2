import type { Clock, Handlers, TopicSources } from "../../shared/contract/index.ts";
import type { fluxOperations } from "../../shared/flux/operations.ts";
import type { fluxTopics } from "../../shared/flux/topics.ts";
import type { ConnectionManager } from "../connections/manager.ts";
import { defaultTimes } from "./client/daemon-client.ts";
import { defaultWaits, type FluxCommandParts, type FluxWaits } from "./commands/command-parts.ts";
import { daemonHandlers } from "./commands/daemon-handlers.ts";
import { policyHandlers } from "./commands/policy-handlers.ts";
import { releaseHandlers } from "./commands/release-handlers.ts";
import { type PendingChanges, resumeChanges } from "./commands/resume-changes.ts";
import { tokenHandlers } from "./commands/token-handlers.ts";
import { defaultLimits } from "./listener/limits.ts";
import { queryHandlers } from "./queries/query-handlers.ts";
import type { FluxEventStore } from "./session/event-store.ts";
import { fluxTopicSources } from "./session/flux-topics.ts";
import { type FluxSystem, fluxSystem } from "./system.ts";

export interface FluxFeatureParts {
  system: FluxSystem;
  connections: ConnectionManager;
  events: FluxEventStore;
  now(): number;
  /** How long evidence is waited for, where the usual times do not suit. */
  waits?: Partial<FluxWaits> | undefined;
}

export interface FluxFeature {
  handlers: Handlers<typeof fluxOperations>;
  topicSources: TopicSources<typeof fluxTopics>;
  /** From now on, changes that are still open are resumed when their daemon comes. */
  resume(changes: PendingChanges): void;
}

/** How often a connected daemon is asked for its facts, beside what its events bring. */
const readEveryMs = 30_000;

/** Flux daemons as the connections see them, with the default limits and times. */
export function defaultFluxSystem(parts: {
  events: FluxEventStore;
  clock: Clock;
  onError(error: unknown): void;
}): FluxSystem {
  return fluxSystem({ ...parts, limits: defaultLimits, times: defaultTimes, readEveryMs });
}

/** Everything about Flux daemons: who may come, what they say, and what they are told to do. */
export function fluxFeature({ system, connections, events, now, waits }: FluxFeatureParts): FluxFeature {
  const parts: FluxCommandParts = {
    session: (id) => connections.session(id, system),
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
  return {
    handlers: {
      ...queryHandlers(parts, events),
      ...tokenHandlers(parts, connections),
      ...releaseHandlers(parts),
      ...policyHandlers(parts),
      ...daemonHandlers(parts),
    },
    topicSources: fluxTopicSources(connections, system, events),
    resume: (changes) => resumeChanges(connections, system, changes),
  };
}

import type { Handlers, TopicSources } from "../../shared/contract/index.ts";
import type { fluxOperations } from "../../shared/flux/operations.ts";
import type { fluxTopics } from "../../shared/flux/topics.ts";
import type { ConnectionManager } from "../connections/manager.ts";
import { type FluxCommandParts, type FluxWaits, usualWaits } from "./command-parts.ts";
import { usualTimes } from "./daemon-client.ts";
import { daemonHandlers } from "./daemon-handlers.ts";
import { FluxDriver } from "./driver.ts";
import type { FluxEventStore } from "./event-store.ts";
import { fluxTopicSources } from "./flux-topics.ts";
import { usualLimits } from "./limits.ts";
import { policyHandlers } from "./policy-handlers.ts";
import { queryHandlers } from "./query-handlers.ts";
import { releaseHandlers } from "./release-handlers.ts";
import { type OpenChanges, resumeChanges } from "./resume-changes.ts";
import { tokenHandlers } from "./token-handlers.ts";

export interface FluxFeatureParts {
  driver: FluxDriver;
  connections: ConnectionManager;
  events: FluxEventStore;
  now(): number;
  /** How long evidence is waited for, where the usual times do not suit. */
  waits?: Partial<FluxWaits> | undefined;
}

export interface FluxFeature {
  handlers: Handlers<typeof fluxOperations>;
  topicSources: TopicSources<typeof fluxTopics>;
  /** From now on, changes that are still open are taken up when their daemon comes. */
  takeUp(changes: OpenChanges): void;
}

/** How often a connected daemon is asked for its facts, beside what its events bring. */
const readEveryMs = 30_000;

/** The driver of connections to Flux, with the usual limits and times. */
export function fluxDriver(parts: {
  events: FluxEventStore;
  now(): number;
  onError(error: unknown): void;
}): FluxDriver {
  return new FluxDriver({ ...parts, limits: usualLimits, times: usualTimes, readEveryMs });
}

/** Everything about Flux daemons: who may come, what they say, and what they are told to do. */
export function fluxFeature({ driver, connections, events, now, waits }: FluxFeatureParts): FluxFeature {
  const parts: FluxCommandParts = {
    session: (connectionId) => {
      // Says why a connection is not open, and `not_found` for one that does not exist.
      connections.requireOpen(connectionId, "flux");
      return driver.get(connectionId);
    },
    known: (connectionId) => {
      connections.profileOf(connectionId, "flux");
    },
    waits: { ...usualWaits, ...waits },
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
    topicSources: fluxTopicSources(driver, events),
    takeUp: (changes) => resumeChanges(driver, changes),
  };
}

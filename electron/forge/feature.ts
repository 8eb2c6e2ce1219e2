import type { forgeOperations } from "../../shared/forge/operations.ts";
import { forgeTopics } from "../../shared/forge/topics.ts";
import type { ConnectionManager } from "../connections/manager.ts";
import { sessionTopic } from "../connections/session-topic.ts";
import type { SystemFeature } from "../connections/system-module.ts";
import type { MetricStore } from "../storage/metric-store.ts";
import type { CommandParts } from "./commands/command-parts.ts";
import { cronHandlers } from "./commands/cron-handlers.ts";
import { jobCommandHandlers } from "./commands/job-handlers.ts";
import { queueHandlers } from "./commands/queue-handlers.ts";
import { jobQueryHandlers } from "./queries/job-queries.ts";
import { seriesHandlers } from "./queries/series-handlers.ts";
import type { ForgeSystem } from "./system.ts";

export interface ForgeFeatureParts {
  system: ForgeSystem;
  connections: ConnectionManager;
  metrics: MetricStore;
  now(): number;
}

export type ForgeFeature = SystemFeature<typeof forgeOperations, typeof forgeTopics>;

/** Everything about forge-jobs servers. */
export function forgeFeature({ system, connections, metrics, now }: ForgeFeatureParts): ForgeFeature {
  const parts: CommandParts = {
    session: (id) => connections.session(id, system),
    door: (id) => connections.door(id, system),
    now,
  };
  return {
    handlers: {
      ...queueHandlers(parts),
      ...jobQueryHandlers(parts),
      ...jobCommandHandlers(parts),
      ...cronHandlers(parts),
      ...seriesHandlers(parts, metrics),
    },
    topicSources: {
      "forge.queues": sessionTopic({
        find: ({ connectionId = "" }) => connections.findSession(connectionId, system),
        follow: ({ connectionId = "" }, use) => connections.follow(connectionId, system, use),
        rows: (session) => session.known(),
        key: forgeTopics["forge.queues"].key,
        onChange: (session, listener) => session.follow(listener),
      }),
    },
  };
}

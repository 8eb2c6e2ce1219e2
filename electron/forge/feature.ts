import type { Handlers, TopicSources } from "../../shared/contract/index.ts";
import type { forgeOperations } from "../../shared/forge/operations.ts";
import type { forgeTopics } from "../../shared/forge/topics.ts";
import type { ConnectionManager } from "../connections/manager.ts";
import type { SystemDriver } from "../connections/system-driver.ts";
import type { MetricStore } from "../storage/metric-store.ts";
import type { ForgeParts } from "./command-parts.ts";
import { cronHandlers } from "./cron-handlers.ts";
import { forgeDriver } from "./driver.ts";
import { jobCommandHandlers } from "./job-handlers.ts";
import { jobQueryHandlers } from "./job-queries.ts";
import { queueHandlers } from "./queue-handlers.ts";
import { seriesHandlers } from "./series-handlers.ts";
import { ForgeSessions } from "./sessions.ts";

export interface ForgeFeatureParts {
  metrics: MetricStore;
  now(): number;
  onError(error: unknown): void;
}

export interface ForgeFeature {
  /** Makes the connections; the operations then find them by way of the manager. */
  driver: SystemDriver<"forge">;
  topicSources: TopicSources<typeof forgeTopics>;
  handlers(connections: ConnectionManager): Handlers<typeof forgeOperations>;
}

/** Everything about forge-jobs servers. */
export function forgeFeature({ metrics, now, onError }: ForgeFeatureParts): ForgeFeature {
  const sessions = new ForgeSessions();
  return {
    driver: forgeDriver(sessions, { recorder: metrics, now, onError }),
    topicSources: { "forge.queues": sessions },
    handlers: (connections) => {
      const parts: ForgeParts = {
        session: (connectionId) => {
          connections.requireOpen(connectionId, "forge");
          return sessions.get(connectionId);
        },
        now,
      };
      return {
        ...queueHandlers(parts),
        ...jobQueryHandlers(parts),
        ...jobCommandHandlers(parts),
        ...cronHandlers(parts),
        ...seriesHandlers(parts, metrics),
      };
    },
  };
}

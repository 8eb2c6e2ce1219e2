import type { Handlers, TopicSources } from "../../shared/contract/index.ts";
import type { flowfabricOperations } from "../../shared/flowfabric/operations.ts";
import type { flowfabricTopics } from "../../shared/flowfabric/topics.ts";
import type { ConnectionManager } from "../connections/manager.ts";
import type { SecretStore } from "../connections/secrets.ts";
import type { SystemDriver } from "../connections/system-driver.ts";
import type { RotationStore } from "../storage/rotation-store.ts";
import { rotationTimeoutMs } from "./client.ts";
import type { FlowfabricCommandParts } from "./command-parts.ts";
import { flowfabricDriver } from "./driver.ts";
import { executionHandlers } from "./execution-handlers.ts";
import { executionQueries } from "./execution-queries.ts";
import { leaseHandlers } from "./expired-leases.ts";
import { flowHandlers } from "./flow-handlers.ts";
import { grantHandlers } from "./grant-handlers.ts";
import { limitHandlers } from "./limit-handlers.ts";
import { rotationHandlers } from "./rotation-handlers.ts";
import { RotationLedger } from "./rotation-ledger.ts";
import { serverHandlers } from "./server-handlers.ts";
import { FlowfabricSessions } from "./session.ts";
import { signalHandlers } from "./signal-handlers.ts";

export interface FlowfabricFeatureParts {
  rotations: RotationStore;
  secrets: SecretStore;
  now(): number;
  onError(error: unknown): void;
}

export interface FlowfabricFeature {
  /** Makes the connections; the operations then find them by way of the manager. */
  driver: SystemDriver<"flowfabric">;
  topicSources: TopicSources<typeof flowfabricTopics>;
  handlers(connections: ConnectionManager): Handlers<typeof flowfabricOperations>;
  close(): void;
}

const lookEveryMs = 1_000;

/** Everything about FlowFabric servers: connections, rotations and their ledger, executions, budgets. */
export function flowfabricFeature(parts: FlowfabricFeatureParts): FlowfabricFeature {
  const { now } = parts;
  const sessions = new FlowfabricSessions();
  const ledger = new RotationLedger({
    store: parts.rotations,
    secrets: parts.secrets,
    now,
    onError: parts.onError,
  });
  return {
    driver: flowfabricDriver(sessions),
    topicSources: {
      "flowfabric.rotations": {
        snapshot: ({ connectionId = "" }) => ledger.list(connectionId),
        follow: (address, onChange) =>
          ledger.onChange((connectionId, upsert, remove) => {
            if (connectionId === address.connectionId) onChange(upsert, remove);
          }),
      },
    },
    handlers: (connections) => {
      connections.onChange((_upsert, removed) => {
        for (const id of removed) void ledger.forget(id).catch(parts.onError);
      });
      const commands: FlowfabricCommandParts = {
        session: (connectionId) => {
          connections.requireOpen(connectionId, "flowfabric");
          return sessions.get(connectionId);
        },
        now,
        lookEveryMs,
      };
      const { session } = commands;
      return {
        ...rotationHandlers({
          session,
          ledger,
          secretStorage: parts.secrets.kind,
          now,
          httpTimeoutMs: rotationTimeoutMs,
        }),
        ...executionQueries(commands),
        ...leaseHandlers(commands),
        ...executionHandlers(commands),
        ...signalHandlers(commands),
        ...grantHandlers(commands),
        ...flowHandlers(commands),
        ...limitHandlers(commands),
        ...serverHandlers(commands),
      };
    },
    close: () => ledger.close(),
  };
}

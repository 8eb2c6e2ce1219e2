import type { flowfabricOperations } from "../../shared/flowfabric/operations.ts";
import type { flowfabricTopics } from "../../shared/flowfabric/topics.ts";
import type { ConnectionManager } from "../connections/manager.ts";
import type { SecretStore } from "../connections/secrets.ts";
import type { SystemFeature } from "../connections/system-module.ts";
import type { RotationStore } from "../storage/rotation-store.ts";
import { rotationTimeoutMs } from "./client/client.ts";
import { type CommandParts, defaultWaits } from "./commands/command-parts.ts";
import { executionHandlers } from "./commands/execution-handlers.ts";
import { flowHandlers } from "./commands/flow-handlers.ts";
import { grantHandlers } from "./commands/grant-handlers.ts";
import { limitHandlers } from "./commands/limit-handlers.ts";
import { serverHandlers } from "./commands/server-handlers.ts";
import { signalHandlers } from "./commands/signal-handlers.ts";
import { executionQueries } from "./queries/execution-queries.ts";
import { leaseHandlers } from "./queries/expired-leases.ts";
import { rotationHandlers } from "./rotation/rotation-handlers.ts";
import { RotationRegistry } from "./rotation/rotation-registry.ts";
import type { FlowfabricSystem } from "./system.ts";

export interface FlowfabricFeatureParts {
  system: FlowfabricSystem;
  connections: ConnectionManager;
  rotations: RotationStore;
  secrets: SecretStore;
  now(): number;
  onError(error: unknown): void;
}

export type FlowfabricFeature = SystemFeature<typeof flowfabricOperations, typeof flowfabricTopics>;

/** Everything about FlowFabric servers: connections, rotations and their ledger, executions, budgets. */
export function flowfabricFeature(parts: FlowfabricFeatureParts): FlowfabricFeature {
  const { system, connections, now } = parts;
  const ledger = new RotationRegistry({
    store: parts.rotations,
    secrets: parts.secrets,
    now,
    onError: parts.onError,
  });
  connections.onChange((_upsert, removed) => {
    for (const id of removed) void ledger.forget(id).catch(parts.onError);
  });
  const commands: CommandParts = {
    session: (id) => connections.session(id, system),
    door: (id) => connections.door(id, system),
    now,
    waits: defaultWaits,
  };
  return {
    topicSources: {
      "flowfabric.rotations": {
        snapshot: ({ connectionId = "" }) => ledger.list(connectionId),
        follow: (address, onChange) =>
          ledger.onChange((connectionId, upsert, remove) => {
            if (connectionId === address.connectionId) onChange(upsert, remove);
          }),
      },
    },
    handlers: {
      ...rotationHandlers({
        ...commands,
        ledger,
        secretStorage: parts.secrets.kind,
        httpTimeoutMs: rotationTimeoutMs,
      }),
      ...executionQueries({ ...commands, partitionCount: (id) => ledger.partitionCount(id) }),
      ...leaseHandlers(commands),
      ...executionHandlers(commands),
      ...signalHandlers(commands),
      ...grantHandlers(commands),
      ...flowHandlers(commands),
      ...limitHandlers(commands),
      ...serverHandlers(commands),
    },
    close: () => ledger.close(),
  };
}

import type { connectionsOperations } from "../../shared/connections/operations.ts";
import type { TargetSettings } from "../../shared/connections/schema.ts";
import type { connectionsTopics } from "../../shared/connections/topics.ts";
import type { CallContext, Handlers, TopicSources } from "../../shared/contract/index.ts";
import type { ConnectionManager } from "./manager.ts";
import { requireOfferedFiles } from "./target-files.ts";

/** The handlers of the operations on connections; unknown ids answer `not_found`. Files in `folder` may be named over HTTP. */
export function connectionsHandlers(
  manager: ConnectionManager,
  folder: string,
): Handlers<typeof connectionsOperations> {
  const checkFiles = (id: string, settings: TargetSettings | undefined, { transport }: CallContext): void => {
    if (transport !== "http" || !settings) return;
    requireOfferedFiles(settings, { folder, saved: manager.find(id) });
  };
  return {
    "connections.list": () => manager.rows(),
    "connections.save": ({ connectionId, profile, secrets }, context) => {
      checkFiles(connectionId, profile, context);
      return manager.save(connectionId, { profile, secrets });
    },
    "connections.remove": async ({ connectionId }) => {
      await manager.remove(connectionId);
      return { removed: true };
    },
    "connections.test": ({ connectionId, settings, secrets }, context) => {
      checkFiles(connectionId, settings, context);
      return manager.test(connectionId, { settings, secrets });
    },
    "connections.open": ({ connectionId }) => manager.open(connectionId),
    "connections.close": ({ connectionId }) => manager.close(connectionId),
    "connections.discover": () => manager.discover(),
    "connections.import": ({ keys }) => manager.import(keys),
  };
}

/** The rows of the topic `connections`. */
export function connectionsTopicSources(manager: ConnectionManager): TopicSources<typeof connectionsTopics> {
  return {
    connections: {
      snapshot: () => manager.rows(),
      follow: (_address, onChange) => manager.onChange(onChange),
    },
  };
}

import type { connectionsOperations } from "../../shared/connections/operations.ts";
import type { connectionsTopics } from "../../shared/connections/topics.ts";
import type { Handlers, TopicSources } from "../../shared/contract/index.ts";
import type { ConnectionManager } from "./manager.ts";

/** The handlers of the operations on connections; unknown ids answer `not_found`. */
export function connectionsHandlers(manager: ConnectionManager): Handlers<typeof connectionsOperations> {
  return {
    "connections.list": () => manager.rows(),
    "connections.save": ({ connectionId, profile, secrets }) =>
      manager.save(connectionId, { profile, secrets }),
    "connections.remove": async ({ connectionId }) => {
      await manager.remove(connectionId);
      return { removed: true };
    },
    "connections.test": ({ connectionId, settings, secrets }) =>
      manager.test(connectionId, { settings, secrets }),
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

import type { TopicSources } from "../../../shared/contract/index.ts";
import { fluxTopics } from "../../../shared/flux/topics.ts";
import type { ConnectionManager } from "../../connections/manager.ts";
import { sessionTopic } from "../../connections/session-topic.ts";
import type { FluxSystem } from "../system.ts";
import type { FluxEventStore } from "./event-store.ts";

/** Where the rows of the Flux topics come from; they follow a connection over its closings and openings. */
export function fluxTopicSources(
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

import type { TopicSource, TopicSources } from "../../shared/contract/index.ts";
import type { FluxDaemonRow, FluxEvent } from "../../shared/flux/schema.ts";
import type { fluxTopics } from "../../shared/flux/topics.ts";
import type { FluxDriver } from "./driver.ts";
import type { FluxEventStore } from "./event-store.ts";
import type { FluxSession } from "./flux-session.ts";

type OnChange<Row> = (upsert: readonly Row[], remove: readonly string[]) => void;

/** Where the rows of the Flux topics come from; they follow a connection over its closings and openings. */
export function fluxTopicSources(
  driver: FluxDriver,
  events: FluxEventStore,
): TopicSources<typeof fluxTopics> {
  return {
    "flux.daemons": {
      snapshot: ({ connectionId = "" }) => driver.find(connectionId)?.rows() ?? [],
      follow: ({ connectionId = "" }, onChange: OnChange<FluxDaemonRow>) =>
        followSessions(driver, connectionId, {
          join: (session) => session.changes.add(({ upsert, remove }) => onChange(upsert, remove)),
          began: (session) => onChange(session.rows(), []),
          ended: (session) =>
            onChange(
              [],
              session.daemons.map(({ id }) => id),
            ),
        }),
    },
    "flux.events": eventSource(driver, events),
  };
}

function eventSource(driver: FluxDriver, events: FluxEventStore): TopicSource<FluxEvent> {
  return {
    snapshot: ({ connectionId = "" }) => events.list({ connectionId, limit: 500 }).reverse(),
    follow: ({ connectionId = "" }, onChange) =>
      followSessions(driver, connectionId, {
        join: (session) => session.newEvents.add((event) => onChange([event], [])),
        began: () => undefined,
        ended: () => undefined,
      }),
  };
}

interface Follower {
  join(session: FluxSession): () => void;
  began(session: FluxSession): void;
  ended(session: FluxSession): void;
}

function followSessions(driver: FluxDriver, connectionId: string, follower: Follower): () => void {
  const present = driver.find(connectionId);
  let leave = present ? follower.join(present) : () => undefined;
  const end = driver.sessions.add(({ connectionId: changed, session, former }) => {
    if (changed !== connectionId) return;
    leave();
    leave = session ? follower.join(session) : () => undefined;
    if (former) follower.ended(former);
    if (session) follower.began(session);
  });
  return () => {
    end();
    leave();
  };
}

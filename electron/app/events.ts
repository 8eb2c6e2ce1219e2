import { setImmediate } from "node:timers/promises";
import type { Handlers, TopicSource } from "../../shared/contract/index.ts";
import { Failure } from "../../shared/contract/index.ts";
import type { eventsOperations } from "../../shared/events/operations.ts";
import type { EventRow } from "../../shared/events/schema.ts";
import type { EventLog } from "../storage/event-log.ts";

interface EventFeedAddress {
  connectionId: string;
  lattice: string;
}

/** Where new rows come from, and which lattice a topic address means. */
export interface EventRowsFeed {
  address(scope: { connectionId?: string; lattice?: string }): EventFeedAddress;
  followEventRows(address: EventFeedAddress, onRows: (rows: readonly EventRow[]) => void): () => void;
}

/** Handlers of `events.*`: the log answers, the live view is only its newest end. */
export function eventsHandlers(log: EventLog): Handlers<typeof eventsOperations> {
  return {
    "events.search": (query) => log.searchInSteps(query),
    "events.get": ({ sequence }) => {
      const event = log.get(sequence);
      if (event) return event;
      throw new Failure({
        code: "not_found",
        message: `The log does not hold event ${sequence}.`,
        hint: "Old events are removed by age and number.",
      });
    },
    "events.export": async (query) => ({
      fileName: `events-${query.lattice ?? "all"}.ndjson`,
      mediaType: "application/x-ndjson",
      text: await collect(log.export(query)),
    }),
  };
}

/** Joins lines, with room for other work after each two thousand. */
async function collect(lines: Iterable<string>): Promise<string> {
  const parts: string[] = [];
  for (const line of lines) {
    parts.push(line);
    if (parts.length % 2_000 === 0) await setImmediate();
  }
  return parts.join("");
}

/** The topic `events`: the newest kept rows and what is added. */
export function eventsTopicSources(log: EventLog, feed: EventRowsFeed): { events: TopicSource<EventRow> } {
  return {
    events: {
      snapshot: (address) => log.search({ ...feed.address(address), filter: "", limit: 500 }).rows.reverse(),
      follow: (address, onChange) =>
        feed.followEventRows(feed.address(address), (rows) => onChange(rows, [])),
    },
  };
}

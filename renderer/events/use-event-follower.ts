import { useEffect, useMemo, useSyncExternalStore } from "react";
import { parseFilter } from "../../shared/contract/filter.ts";
import { compileFilter } from "../../shared/contract/filter-match.ts";
import { eventFilterFields } from "../../shared/events/filter.ts";
import { call } from "../client/call.ts";
import { useTopicListener, useTopicPhase } from "../client/use-topic.ts";
import { EventFollower } from "./event-follower.ts";

interface FollowedEvents {
  connectionId: string;
  lattice: string;
  filter: string;
}

/** The log of one lattice followed with a filter; a new filter begins anew. */
export function useEventFollower({ connectionId, lattice, filter }: FollowedEvents) {
  const { problems, fits } = useMemo(() => clientFilter(filter), [filter]);
  const follower = useMemo(
    () =>
      new EventFollower({
        search: (query) => call("events.search", query),
        scope: { connectionId, lattice },
        filter,
        fits,
      }),
    [connectionId, lattice, filter, fits],
  );
  const phase = useTopicPhase("events", { connectionId, lattice });
  // Straight into the follower, which knows what of it is to be seen: a page drawn for the rows and once more for the list costs twice.
  useTopicListener("events", { connectionId, lattice }, follower.setLive);
  useEffect(() => {
    void follower.open();
    return () => follower.close();
  }, [follower]);
  const state = useSyncExternalStore(follower.subscribe, follower.getState);
  return { follower, state, problems, phase };
}

/** The same filter for live rows; none where it looks into the raw text, which live rows do not carry. */
function clientFilter(text: string) {
  const filter = parseFilter(text);
  const compiled = compileFilter(filter, eventFilterFields);
  const needsLog = filter.terms.some((term) => term.kind !== "word" && term.field.toLowerCase() === "raw");
  return { problems: compiled.problems, fits: needsLog ? undefined : compiled.test };
}

/** The names that can stand before a colon in a filter of events. */
export const eventFields = Object.keys(eventFilterFields.fields);

import { type FilterTerm, formatFilter, parseFilter } from "../../shared/contract/filter.ts";
import type { EventRow } from "../../shared/events/schema.ts";
import { type PageName, pathTo } from "../state/paths.ts";

/** The filter with the entity of an event added; the same text when it already follows that entity. */
export function followEntity(text: string, event: Pick<EventRow, "entityKind" | "entityId">): string {
  if (event.entityId === "") return text;
  const wanted = event.entityKind === "host" ? hostTerm(event.entityId) : idTerm(event.entityId);
  const { terms } = parseFilter(text);
  const has = terms.some((term) => formatFilter([term]) === formatFilter([wanted]));
  return has ? text : formatFilter([...terms, wanted]);
}

function idTerm(id: string): FilterTerm {
  return { kind: "equals", field: "id", values: [id], at: 0, negated: false };
}

/** Events about what runs on a host carry the host as their source, not as their entity. */
function hostTerm(id: string): FilterTerm {
  return { kind: "equals", field: "host", values: [id], at: 0, negated: false };
}

const pages: Partial<Record<EventRow["entityKind"], PageName>> = {
  host: "hosts",
  component: "components",
  provider: "providers",
};

/** The address of the drawer of what an event is about; undefined where there is none. */
export function entityAddress(event: EventRow): string | undefined {
  const page = pages[event.entityKind];
  if (!page || event.entityId === "") return undefined;
  const key =
    event.entityKind === "provider" && event.source ? `${event.source}/${event.entityId}` : event.entityId;
  return `${pathTo(page, event)}?open=${encodeURIComponent(key)}`;
}

import type { EventRow } from "../../../shared/events/schema.ts";
import type { DecodedEvent, EventType, KnownEvent } from "./event-types.ts";

/** What a row of the event list says about an event, beside its head. */
export type EventDescription = Pick<EventRow, "severity" | "entityKind" | "entityId" | "summary">;

type Describe<Type extends EventType> = (
  event: Extract<KnownEvent, { type: Type }>,
  host: string,
) => EventDescription;

const unbounded = 4_294_967_295;

const describers: { [Type in EventType]: Describe<Type> } = {
  host_started: (event, host) =>
    about(event, "good", `${host} started, version ${event.version || "unknown"}`),
  host_heartbeat: ({ source, inventory }, host) => {
    const parts = [
      plural(inventory.components.length, "component"),
      plural(inventory.providers.length, "provider"),
    ];
    const unread = inventory.skipped > 0 ? `, ${plural(inventory.skipped, "unreadable part")}` : "";
    const severity = inventory.skipped > 0 ? "warning" : "info";
    const summary = `${host} heartbeat: ${parts.join(", ")}${unread}`;
    return { severity, entityKind: "host", entityId: source, summary };
  },
  host_stopped: (event, host) => about(event, "warning", `${host} stopped in order`),
  labels_changed: (event, host) =>
    about(event, "info", `${host} labels → ${plural(Object.keys(event.labels).length, "label")}`),
  component_scaled: ({ componentId, maxInstances, imageReference }) => ({
    severity: maxInstances === 0 ? "info" : "good",
    entityKind: "component",
    entityId: componentId,
    summary: `${componentId} → max ${count(maxInstances)} · ${shortReference(imageReference)}`,
  }),
  component_scale_failed: ({ componentId, maxInstances, error }) => ({
    severity: "bad",
    entityKind: "component",
    entityId: componentId,
    summary: `${componentId} could not scale to max ${count(maxInstances)}: ${shorten(error)}`,
  }),
  provider_started: ({ providerId, imageReference }) =>
    provider(providerId, "good", `${providerId} started · ${shortReference(imageReference)}`),
  provider_start_failed: ({ providerId, error }) =>
    provider(providerId, "bad", `${providerId} could not start: ${shorten(error)}`),
  provider_stopped: ({ providerId }) => provider(providerId, "info", `${providerId} stopped`),
  health_check_passed: ({ providerId }) => provider(providerId, "good", `${providerId} became healthy`),
  health_check_failed: ({ providerId }) => provider(providerId, "bad", `${providerId} became unhealthy`),
  health_check_status: ({ providerId }) =>
    provider(providerId, "info", `${providerId} health checked, no change`),
  linkdef_set: ({ link }) => linked(link, "good", `${linkText(link)} set`),
  linkdef_set_failed: ({ link, error }) =>
    linked(link, "bad", `${linkText(link)} rejected: ${shorten(error)}`),
  linkdef_deleted: (event) => linked(event, "info", `${linkText(event)} deleted`),
  config_set: ({ configName }) => config(configName, "info", `config ${configName} set`),
  config_deleted: ({ configName }) => config(configName, "warning", `config ${configName} deleted`),
};

/** How an event reads in a list; `hostName` is the friendly name of its host. */
export function describeEvent(event: DecodedEvent, hostName: string): EventDescription {
  if (event.kind === "known") {
    const tell = describers[event.type] as Describe<EventType>;
    return tell(event, hostName);
  }
  const entity =
    event.source === ""
      ? { entityKind: "other", entityId: "" }
      : { entityKind: "host", entityId: event.source };
  const summary =
    event.kind === "unknown"
      ? `${event.type}: a type this console does not know`
      : `${event.claimedType || "event"} could not be read: ${event.reason}`;
  return { severity: "warning", ...entity, summary } as EventDescription;
}

/** An image reference without its registry and with a short digest, such as `shop/cart:2.0`. */
export function shortReference(reference: string): string {
  const slash = reference.indexOf("/");
  const registry = slash > 0 ? reference.slice(0, slash) : "";
  const named = registry.includes(".") || registry.includes(":") || registry === "localhost";
  const path = named && !registry.endsWith(":") ? reference.slice(slash + 1) : reference;
  const short = path.includes("@") ? path.replace(/@(sha\d+:[0-9a-f]{12})[0-9a-f]+$/, "@$1") : path;
  return short || "no image";
}

function about(event: KnownEvent, severity: EventRow["severity"], summary: string): EventDescription {
  return { severity, entityKind: "host", entityId: event.source, summary };
}

function provider(entityId: string, severity: EventRow["severity"], summary: string): EventDescription {
  return { severity, entityKind: "provider", entityId, summary };
}

function config(entityId: string, severity: EventRow["severity"], summary: string): EventDescription {
  return { severity, entityKind: "config", entityId, summary };
}

interface LinkFields {
  sourceId: string;
  target?: string;
  name: string;
  witNamespace: string;
  witPackage: string;
}

function linked(link: LinkFields, severity: EventRow["severity"], summary: string): EventDescription {
  return { severity, entityKind: "link", entityId: link.sourceId, summary };
}

function linkText(link: LinkFields): string {
  const name = link.name === "default" ? "" : ` (${link.name})`;
  return `${link.sourceId} → ${link.target ?? "?"} ${link.witNamespace}:${link.witPackage}${name}`;
}

function count(maxInstances: number): string {
  return maxInstances === unbounded ? "unbounded" : String(maxInstances);
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim() || "no reason given";
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

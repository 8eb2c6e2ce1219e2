import type { StringMap } from "../client/control-types.ts";
import { isRevision, ObjectReader, ranges, UnreadableValue } from "../client/object-reader.ts";
import { readInventory, readLink } from "../client/replies.ts";
import type { EventBody, EventType, HealthEventType } from "./event-types.ts";

type Decoder = (data: ObjectReader, value: unknown) => EventBody;

/** Reads the `data` of each known event type (wasmcloud-control §4.3-§4.14); each throws UnreadableValue. */
const decoders: { [Type in EventType]: Decoder } = {
  host_started: (data) => ({
    type: "host_started",
    friendlyName: data.text("friendly_name"),
    labels: map(data, "labels"),
    version: data.text("version"),
    uptimeSeconds: data.seconds("uptime_seconds"),
  }),
  host_heartbeat: (_data, value) => ({ type: "host_heartbeat", inventory: readInventory(value) }),
  host_stopped: (data) => ({ type: "host_stopped", labels: map(data, "labels") }),
  labels_changed: (data) => {
    // Without the new set nothing is known; an empty one would wipe the host's labels.
    if (data.value("labels") === undefined) throw new UnreadableValue("labels is missing");
    return { type: "labels_changed", labels: map(data, "labels") };
  },
  component_scaled: (data) => {
    const { name, revision } = claims(data);
    return {
      type: "component_scaled",
      componentId: identifier(data, "component_id"),
      imageReference: data.id("image_ref"),
      annotations: map(data, "annotations"),
      maxInstances: maxInstances(data),
      name,
      revision,
    };
  },
  component_scale_failed: (data) => ({
    type: "component_scale_failed",
    componentId: identifier(data, "component_id"),
    imageReference: data.id("image_ref"),
    annotations: map(data, "annotations"),
    maxInstances: maxInstances(data),
    error: data.text("error"),
  }),
  provider_started: (data) => {
    const { name } = claims(data);
    return {
      type: "provider_started",
      providerId: identifier(data, "provider_id"),
      imageReference: data.id("image_ref"),
      annotations: map(data, "annotations"),
      name,
    };
  },
  provider_start_failed: (data) => ({
    type: "provider_start_failed",
    providerId: identifier(data, "provider_id"),
    providerReference: data.id("provider_ref"),
    error: data.text("error"),
  }),
  provider_stopped: (data) => ({ type: "provider_stopped", providerId: identifier(data, "provider_id") }),
  health_check_passed: health("health_check_passed"),
  health_check_failed: health("health_check_failed"),
  health_check_status: health("health_check_status"),
  linkdef_set: (_data, value) => ({ type: "linkdef_set", link: readLink(value) }),
  linkdef_set_failed: (data, value) => ({
    type: "linkdef_set_failed",
    link: readLink(value),
    error: data.text("error"),
  }),
  linkdef_deleted: (data) => {
    const target = data.optionalId("target");
    return {
      type: "linkdef_deleted",
      sourceId: data.requiredId("source_id"),
      name: data.id("name", "default"),
      witNamespace: data.requiredId("wit_namespace"),
      witPackage: data.requiredId("wit_package"),
      ...(target === undefined ? {} : { target }),
    };
  },
  config_set: (data) => ({ type: "config_set", configName: data.requiredId("config_name") }),
  config_deleted: (data) => ({ type: "config_deleted", configName: data.requiredId("config_name") }),
};

/** The names of all known types. */
export const eventTypes = Object.keys(decoders) as EventType[];

/** Types that speak for the lattice, published by any one host (wasmcloud-control trap 14). */
const fromAnyHost = new Set<EventType>([
  "linkdef_set",
  "linkdef_set_failed",
  "linkdef_deleted",
  "config_set",
  "config_deleted",
]);

/** Whether a short name is one of the 17 types of 1.x. */
export function isKnownType(name: string): name is EventType {
  return Object.hasOwn(decoders, name);
}

/** Whether an event of this type says something about the host that published it. */
export function isHostEvent(name: EventType): boolean {
  return !fromAnyHost.has(name);
}

/** Reads the `data` of an event of a known type; throws UnreadableValue. */
export function readEventData(type: EventType, value: unknown): EventBody {
  return decoders[type](new ObjectReader(value), value);
}

function health(type: HealthEventType): Decoder {
  return (data) => ({ type, providerId: identifier(data, "provider_id") });
}

function identifier(data: ObjectReader, field: string): string {
  const id = data.requiredId(field);
  if (id === "") throw new UnreadableValue(`${field} is empty`);
  return id;
}

function map(data: ObjectReader, field: string): StringMap {
  return data.optionalMap(field) ?? {};
}

function maxInstances(data: ObjectReader): number {
  // A missing count must not pass for 0, which is a stop.
  if (data.value("max_instances") === undefined) throw new UnreadableValue("max_instances is missing");
  return data.integer("max_instances", ranges.unsigned32);
}

const longestName = 1_024;

/** Name and revision out of the claims of a signed workload; odd claims are no reason to drop the event. */
function claims(data: ObjectReader): { name?: string; revision?: number } {
  const value = data.value("claims");
  if (typeof value !== "object" || value === null) return {};
  const { name, revision } = value as { name?: unknown; revision?: unknown };
  return {
    name: typeof name === "string" && name.length <= longestName ? name : undefined,
    revision: isRevision(revision) ? revision : undefined,
  };
}

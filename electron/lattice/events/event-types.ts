import type { HostInventory, Link, StringMap } from "../client/control-types.ts";

/** What every event carries, as far as it could be read (wasmcloud-control §4.1). */
export interface EventHead {
  subject: string;
  /** From the subject: events do not name their lattice. */
  lattice: string;
  /** CloudEvent id: a ULID in UUID layout, no valid UUID. */
  id: string;
  /** The publishing host, from `source`, which unlike `data.host_id` cannot lie; empty when it is no id of a host. */
  source: string;
  /** The host's own clock, as sent. */
  time?: string;
  /** The same in milliseconds since 1970, where it can be read. */
  timeMs?: number;
  /** The payload as text; clipped for malformed events. */
  raw: string;
}

interface ComponentCount {
  componentId: string;
  imageReference: string;
  annotations: StringMap;
  /** New maximum; 0 is a stop, except for the second event of an update (wasmcloud-control §2.7). */
  maxInstances: number;
}

/** What an event of each of the 17 types says (wasmcloud-control §4.3-§4.14). */
export type EventBody =
  | {
      type: "host_started";
      friendlyName: string;
      labels: StringMap;
      version: string;
      uptimeSeconds?: number | undefined;
    }
  | { type: "host_heartbeat"; inventory: HostInventory }
  | { type: "host_stopped"; labels: StringMap }
  | { type: "labels_changed"; labels: StringMap }
  | ({ type: "component_scaled"; name?: string; revision?: number } & ComponentCount)
  | ({ type: "component_scale_failed"; error: string } & ComponentCount)
  | {
      type: "provider_started";
      providerId: string;
      imageReference: string;
      annotations: StringMap;
      name?: string;
    }
  | { type: "provider_start_failed"; providerId: string; providerReference: string; error: string }
  | { type: "provider_stopped"; providerId: string }
  | { type: HealthEventType; providerId: string }
  | { type: "linkdef_set"; link: Link }
  | { type: "linkdef_set_failed"; link: Link; error: string }
  | {
      type: "linkdef_deleted";
      sourceId: string;
      name: string;
      witNamespace: string;
      witPackage: string;
      /** Only from hosts 1.3 on, and only if a link was really removed (wasmcloud-control §4.13). */
      target?: string;
    }
  | { type: "config_set" | "config_deleted"; configName: string };

export type HealthEventType = "health_check_passed" | "health_check_failed" | "health_check_status";
export type EventType = EventBody["type"];

export type KnownEvent = EventHead & EventBody & { kind: "known" };
/** Readable, of a type that this console does not know. */
export type UnknownEvent = EventHead & { kind: "unknown"; type: string };
/** What could not be read; `claimedType` is what subject or envelope say that it is. */
export type MalformedEvent = EventHead & {
  kind: "malformed";
  type: "malformed";
  claimedType: string;
  reason: string;
};
export type DecodedEvent = KnownEvent | UnknownEvent | MalformedEvent;

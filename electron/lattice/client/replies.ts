import type {
  AuctionBid,
  ComponentDescription,
  Host,
  HostInventory,
  Link,
  ProviderDescription,
  StringMap,
  TolerantList,
} from "./control-types.ts";
import { isHostId, ObjectReader, ranges, readList, readStringMap, UnreadableValue } from "./object-reader.ts";

/** Drops the fields that hold undefined, so that absent and unset look the same. */
function compact<T extends object>(value: T): T {
  const set = {} as T;
  for (const field in value) if (value[field] !== undefined) set[field] = value[field];
  return set;
}

/** Some fields of an id may be empty, but what is there has to be one. */
function hostIdOrNone(id: string): string {
  if (id !== "" && !isHostId(id)) throw new UnreadableValue("id is no id of a host");
  return id;
}

/** Reads a host's answer to a ping (wasmcloud-control §3.1); throws UnreadableValue. */
export function readHost(value: unknown): Host {
  const host = new ObjectReader(value);
  return compact({
    id: hostIdOrNone(host.text("id")),
    friendlyName: host.text("friendly_name"),
    labels: host.optionalMap("labels") ?? {},
    lattice: host.id("lattice"),
    uptimeSeconds: host.seconds("uptime_seconds"),
    uptimeHuman: host.optionalText("uptime_human"),
    version: host.optionalText("version"),
    controlHost: host.address("ctl_host"),
    rpcHost: host.address("rpc_host"),
    jetStreamDomain: host.optionalText("js_domain"),
  });
}

function readComponent(component: ObjectReader): ComponentDescription {
  return compact({
    id: component.id("id"),
    imageReference: component.id("image_ref"),
    name: component.optionalText("name"),
    annotations: component.optionalMap("annotations"),
    revision: component.revision(),
    maxInstances: component.integer("max_instances", ranges.unsigned32),
    limits: component.optionalMap("limits"),
  });
}

function readProvider(provider: ObjectReader): ProviderDescription {
  return compact({
    id: provider.id("id"),
    imageReference: provider.optionalId("image_ref"),
    name: provider.optionalText("name"),
    revision: provider.revision(),
    annotations: provider.optionalMap("annotations"),
  });
}

/**
 * Reads an inventory, from a query or a heartbeat (wasmcloud-control §3.2); `components` (or the old `actors`) and
 * `providers` must be lists, because an empty host and an unreadable one are not the same. Throws UnreadableValue.
 */
export function readInventory(value: unknown): HostInventory {
  const host = new ObjectReader(value);
  const inventory = {
    hostId: host.id("host_id"),
    friendlyName: host.text("friendly_name"),
    labels: host.optionalMap("labels") ?? {},
    version: host.text("version"),
    uptimeHuman: host.text("uptime_human"),
    uptimeSeconds: host.seconds("uptime_seconds"),
    components: host.list(["components", "actors"], readComponent),
    providers: host.list(["providers"], readProvider),
  };
  return { ...inventory, skipped: host.skipped };
}

function readLinkFields(link: ObjectReader): Link {
  return {
    sourceId: link.requiredId("source_id"),
    target: link.requiredId("target"),
    name: link.id("name", "default"),
    witNamespace: link.requiredId("wit_namespace"),
    witPackage: link.requiredId("wit_package"),
    interfaces: link.textList("interfaces"),
    sourceConfig: link.textList("source_config"),
    targetConfig: link.textList("target_config"),
  };
}

/** Reads one link, from a list or an event (wasmcloud-control §3.8); throws UnreadableValue. */
export function readLink(value: unknown): Link {
  return readLinkFields(new ObjectReader(value));
}

/** Reads the lattice's links; throws UnreadableValue when it is no list. */
export function readLinks(value: unknown): TolerantList<Link> {
  return readList(value, readLinkFields);
}

/** Reads the claims, a list of string maps (wasmcloud-control §3.12); throws UnreadableValue when it is no list. */
export function readClaims(value: unknown): TolerantList<StringMap> {
  return readList(value, (claim) => claim.wholeMap());
}

/** Configs hold certificates and whole files; what a message of NATS can carry is enough of a bound. */
const largestConfig = 67_108_864;

/**
 * Reads a stored config; an absent one is undefined (wasmcloud-control §2.17). Throws UnreadableValue, also for a
 * single value that is no string: whoever edits and stores a partly read map would lose the rest.
 */
export function readConfig(value: unknown): StringMap | undefined {
  if (value === undefined) return undefined;
  const { map, skipped } = readStringMap(value, largestConfig);
  if (skipped > 0) throw new UnreadableValue("a value is no string");
  return map;
}

/** Makes the reader of a bid; `referenceField` is `component_ref` or `provider_ref` (wasmcloud-control §3.7). */
export function bidReader(referenceField: "component_ref" | "provider_ref"): (value: unknown) => AuctionBid {
  return (value) => {
    const bid = new ObjectReader(value);
    return {
      hostId: bid.hostId("host_id"),
      constraints: bid.optionalMap("constraints") ?? {},
      reference: bid.id(referenceField),
    };
  };
}

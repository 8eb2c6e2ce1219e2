import type { ComponentDescription, HostInventory, ProviderDescription } from "../client/control-types.ts";
import type { DecodedEvent, EventBody } from "../events/event-types.ts";
import type { Fact, InventoryChanges } from "../inventory/inventory.ts";
import { LiveInventory } from "../inventory/live-inventory.ts";

export const hostA = `N${"A".repeat(55)}`;
export const hostB = `N${"B".repeat(55)}`;
export const start = Date.parse("2026-11-23T08:00:00Z");
const periodMs = 30_000;

export interface EventTiming {
  source?: string;
  /** Milliseconds after the start, by the host's clock; undefined: no time at all. */
  at?: number;
}

/** An event as if it had been decoded. */
export function event(body: EventBody, { source = hostA, at }: EventTiming = {}): DecodedEvent {
  const time = at === undefined ? {} : { timeMs: start + at, time: new Date(start + at).toISOString() };
  return {
    kind: "known",
    subject: `wasmbus.evt.default.${body.type}`,
    lattice: "default",
    id: "",
    source,
    raw: "{}",
    ...time,
    ...body,
  };
}

/** A component as an inventory lists it. */
export function component(id: string, more: Partial<ComponentDescription> = {}): ComponentDescription {
  return { id, imageReference: `shop/${id}:1.0`, maxInstances: 5, annotations: {}, revision: 0, ...more };
}

/** A provider as an inventory lists it. */
export function provider(id: string, more: Partial<ProviderDescription> = {}): ProviderDescription {
  return { id, imageReference: `providers/${id}:1.0`, annotations: {}, revision: 0, ...more };
}

/** The inventory of a host. */
export function inventory(more: Partial<HostInventory> = {}): HostInventory {
  return {
    hostId: hostA,
    friendlyName: "quiet-river-1022",
    version: "1.9.2",
    labels: { zone: "eu-1" },
    uptimeHuman: "",
    uptimeSeconds: 3_600,
    components: [],
    providers: [],
    skipped: 0,
    ...more,
  };
}

/** The body of a `component_scaled`. */
export function scaled(
  componentId: string,
  maxInstances: number,
  more: { imageReference?: string; annotations?: Record<string, string> } = {},
): EventBody {
  const imageReference = more.imageReference ?? `shop/${componentId}:1.0`;
  return {
    type: "component_scaled",
    componentId,
    maxInstances,
    imageReference,
    annotations: more.annotations ?? {},
  };
}

/** A lattice of which one learns fact by fact; times are milliseconds after the start. */
export class LatticeTestBed {
  readonly inventory = new LiveInventory(periodMs);
  last: InventoryChanges | undefined;

  learn(fact: Fact, now: number): InventoryChanges {
    this.last = this.inventory.apply(fact, start + now);
    return this.last;
  }

  /** An event that arrives a little after it happened, by a clock that is right. */
  hear(body: EventBody, at: number, source = hostA): InventoryChanges {
    return this.learn({ kind: "event", event: event(body, { source, at }) }, at + 5);
  }

  beat(at: number, more: Partial<HostInventory> = {}, source = hostA): InventoryChanges {
    const uptimeSeconds = 3_600 + Math.floor(at / 1_000);
    return this.hear(
      { type: "host_heartbeat", inventory: inventory({ uptimeSeconds, ...more }) },
      at,
      source,
    );
  }

  reply(askedAt: number, at: number, more: Partial<HostInventory> = {}): InventoryChanges {
    const uptimeSeconds = 3_600 + Math.floor(at / 1_000);
    const reading = inventory({ uptimeSeconds, ...more });
    return this.learn({ kind: "inventory", hostId: hostA, inventory: reading, askedAt: start + askedAt }, at);
  }

  get host() {
    return this.inventory.state.hosts.get(hostA)?.row;
  }

  component(id: string, source = hostA) {
    return this.inventory.state.components.get(source, id);
  }

  provider(id: string, source = hostA) {
    return this.inventory.state.providers.get(source, id);
  }
}

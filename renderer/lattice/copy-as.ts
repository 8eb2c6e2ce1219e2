import type { LatticeTarget } from "../../shared/connections/schema.ts";
import type { WireRequest } from "../../shared/contract/index.ts";
import { curlOf } from "../command/curl-commands.ts";
import { type CopiedCommands, natsCommandOf, washCommandOf } from "../command/wire-commands.ts";

/** Where a command goes. */
export interface CommandPlace {
  connectionId: string;
  lattice: string;
  target: LatticeTarget;
}

/** What a scale request carries (wasmcloud-control §2.6); without `config` its names are not known. */
export interface ScaleFacts {
  hostId: string;
  componentId: string;
  imageReference: string;
  maxInstances: number;
  annotations: Readonly<Record<string, string>>;
  limits?: Readonly<Record<string, string>> | undefined;
  config?: readonly string[] | undefined;
}

/** Reads one host's inventory (wasmcloud-control §2.2). */
export function inventoryCommands(place: CommandPlace, hostId: string): CopiedCommands {
  const { connectionId, lattice } = place;
  return {
    ...wireCommands(place, `host.get.${hostId}`),
    curl: [curlOf("lattice.hosts.get", { connectionId, lattice, hostId })],
  };
}

/** Scales a component on one host with everything that a scale replaces. */
export function scaleCommands(place: CommandPlace, facts: ScaleFacts): CopiedCommands {
  const { connectionId, lattice } = place;
  const { hostId, componentId, maxInstances, imageReference, annotations, limits, config } = facts;
  const unknownConfig =
    config || maxInstances === 0
      ? []
      : [{ note: "The names of its configs are not in the inventory: add them, or they are dropped." }];
  const input = { connectionId, lattice, hostId, componentId, maxInstances, imageReference };
  const kept = { annotations: { ...annotations }, ...(limits && { limits: { ...limits } }) };
  const { wash, nats } = wireCommands(place, `component.scale.${hostId}`, scalePayload(facts));
  return {
    wash: [...unknownConfig, ...wash],
    nats: [...unknownConfig, ...nats],
    curl: [curlOf("lattice.components.scale", { ...input, ...kept, ...(config && { config: [...config] }) })],
  };
}

/** The exact body; the number is called `count` on the wire, and a missing one would stop the component. */
export function scalePayload(facts: ScaleFacts) {
  return {
    component_ref: facts.imageReference,
    component_id: facts.componentId,
    annotations: facts.annotations,
    count: facts.maxInstances,
    ...(facts.limits && { component_limits: facts.limits }),
    host_id: facts.hostId,
    config: facts.config ?? [],
    allow_update: false,
  };
}

/** The commands of both tools for what is sent to `{prefix}.v1.{lattice}.{tail}` (wasmcloud-control §1.1). */
export function wireCommands({ lattice, target }: CommandPlace, tail: string, payload?: unknown) {
  const address = `${target.topicPrefix}.v1.${lattice}.${tail}`;
  const request: WireRequest = { protocol: "nats", address, payload };
  return { wash: washCommandOf(request, target), nats: natsCommandOf(request, target) };
}

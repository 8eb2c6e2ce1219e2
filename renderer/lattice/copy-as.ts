import type { LatticeTarget } from "../../shared/connections/schema.ts";
import { curlOf, shellQuote } from "../client/copy-as.ts";

/** Where a command goes. */
export interface CommandPlace {
  connectionId: string;
  lattice: string;
  target: LatticeTarget;
}

/** One action as commands of three tools. */
export interface CopiedCommands {
  wash: string;
  nats: string;
  curl: string;
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
    wash: ["wash get inventory", hostId, ...washFlags(place)].join(" "),
    nats: natsRequest(place, `host.get.${hostId}`, ""),
    curl: curlOf("lattice.hosts.get", { connectionId, lattice, hostId }),
  };
}

/** Scales a component on one host with everything that a scale replaces. */
export function scaleCommands(place: CommandPlace, facts: ScaleFacts): CopiedCommands {
  const { connectionId, lattice } = place;
  const { hostId, componentId, maxInstances, imageReference, annotations, limits, config } = facts;
  const unknownConfig =
    config || maxInstances === 0
      ? ""
      : "# The names of its configs are not in the inventory: add them, or they are dropped.\n";
  const input = { connectionId, lattice, hostId, componentId, maxInstances, imageReference };
  const kept = { annotations: { ...annotations }, ...(limits && { limits: { ...limits } }) };
  return {
    wash: unknownConfig + washScale(place, facts),
    nats: unknownConfig + natsRequest(place, `component.scale.${hostId}`, scalePayload(facts)),
    curl: curlOf("lattice.components.scale", { ...input, ...kept, ...(config && { config: [...config] }) }),
  };
}

/** The exact bytes; the number is called `count` on the wire, and a missing one would stop the component. */
export function scalePayload(facts: ScaleFacts): string {
  return JSON.stringify({
    component_ref: facts.imageReference,
    component_id: facts.componentId,
    annotations: facts.annotations,
    count: facts.maxInstances,
    ...(facts.limits && { component_limits: facts.limits }),
    host_id: facts.hostId,
    config: facts.config ?? [],
    allow_update: false,
  });
}

function washScale(place: CommandPlace, facts: ScaleFacts): string {
  const limits = Object.keys(facts.limits ?? {}).length > 0;
  const words = [
    "wash scale component",
    facts.hostId,
    shellQuote(facts.imageReference),
    facts.componentId,
    `--max-instances ${facts.maxInstances}`,
    ...Object.entries(facts.annotations).map(
      ([key, value]) => `--annotations ${shellQuote(`${key}=${value}`)}`,
    ),
    ...(facts.config ?? []).map((name) => `--config ${shellQuote(name)}`),
    ...washFlags(place),
  ];
  return `${limits ? "# wash cannot send limits: this removes those that it has.\n" : ""}${words.join(" ")}`;
}

/** wash speaks plain NATS only, so a websocket address is left to the person's own context. */
function washFlags({ lattice, target }: CommandPlace): string[] {
  const plain = target.addresses
    .map((address) => /^(?:nats|tls):\/\/(.+):(\d+)$/.exec(address))
    .find(Boolean);
  const server = plain ? [`--ctl-host ${shellQuote(plain[1] as string)}`, `--ctl-port ${plain[2]}`] : [];
  return [...server, `--lattice ${lattice}`];
}

function natsRequest({ lattice, target }: CommandPlace, tail: string, payload: string): string {
  const subject = `${target.topicPrefix}.v1.${lattice}.${tail}`;
  const seconds = `${Math.ceil(target.requestTimeoutMs / 1_000)}s`;
  const server = target.addresses[0] ? ` --server ${shellQuote(target.addresses.join(","))}` : "";
  return `nats request${server} --timeout ${seconds} ${shellQuote(subject)} ${shellQuote(payload)}`;
}

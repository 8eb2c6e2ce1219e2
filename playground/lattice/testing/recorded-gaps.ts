import type { RunningComponent } from "../host/host-context.ts";
import type { LatticeState, Link } from "../host/lattice-state.ts";
import type { SimulatedHost } from "../lattice-host.ts";
import type { RecordedStep } from "./recorded-steps.ts";
import { verbOf } from "./recorded-steps.ts";

type Fields = Record<string, unknown>;

export interface Component {
  id: string;
  image_ref: string;
  max_instances: number;
  annotations?: Record<string, string>;
  limits?: Record<string, string> | null;
}

/** An inventory as it was recorded. */
export interface Inventory {
  labels: Record<string, string>;
  components: Component[];
  providers: { id: string; image_ref: string; annotations?: Record<string, string> }[];
}

/** A command to a host, as `LatticeHost.execute` takes it. */
export interface Command {
  verb: string;
  body: Fields;
}

/** What requests that the recording left out must have done: start what is new, stop what is gone. */
export function missingComponents(
  running: readonly { id: string; reference: string }[],
  { components }: Pick<Inventory, "components">,
): Command[] {
  const started = components
    .filter(({ id }) => running.every((each) => each.id !== id))
    .map((component) => ({ verb: "component.scale", body: startOf(component) }));
  const stopped = running
    .filter(({ id }) => components.every((each) => each.id !== id))
    .map(({ id, reference }) => ({
      verb: "component.scale",
      body: { component_id: id, component_ref: reference, count: 0 },
    }));
  return [...started, ...stopped];
}

/** The scale that starts what an inventory lists. */
export function startOf({ id, image_ref, max_instances, annotations, limits }: Component): Fields {
  return {
    component_id: id,
    component_ref: image_ref,
    count: max_instances,
    annotations,
    ...(limits ? { component_limits: limits } : {}),
  };
}

/** The same for providers. */
export function missingProviders(running: readonly string[], { providers }: Inventory): Command[] {
  const started = providers
    .filter(({ id }) => !running.includes(id))
    .map(({ id, image_ref, annotations }) => ({
      verb: "provider.start",
      body: { provider_id: id, provider_ref: requestedReference(image_ref), annotations },
    }));
  const stopped = running
    .filter((id) => providers.every((each) => each.id !== id))
    .map((id) => ({ verb: "provider.stop", body: { provider_id: id } }));
  return [...started, ...stopped];
}

/** What must have been asked for: hosts from 1.5.0 on show the reference without its scheme (wasmcloud-control §3.4). */
export function requestedReference(reference: string): string {
  if (reference.startsWith("/")) return `file://${reference}`;
  return reference.includes(":") ? reference : `wasmcloud+builtin://${reference}`;
}

/** Takes over figures and labels, which differ where requests that differ in figures only were left out. */
export function adopt(host: SimulatedHost, { labels, components }: Inventory): void {
  const { state } = host.context;
  state.labels.clear();
  for (const [key, value] of Object.entries(labels)) state.labels.set(key, value);
  for (const {
    id,
    image_ref: reference,
    max_instances: count,
    annotations = {},
    limits = null,
  } of components) {
    const known = state.components.get(id);
    if (known) state.components.set(id, { ...known, reference, count, annotations, limits });
  }
}

const unknown: RunningComponent = {
  reference: "",
  annotations: {},
  count: 1,
  configNames: [],
  limits: null,
  code: "",
  serves: true,
};

function saidReference({ replies, body }: RecordedStep, runs: boolean): string | undefined {
  const { message } = (replies[0] ?? {}) as { message?: string };
  const { component_ref: reference } = body as { component_ref?: string };
  if (message === "" && runs && reference !== undefined) return reference;
  const said = /updating from (\S+) to|already updated to (\S+)|image reference: (\S+) !=/.exec(
    message ?? "",
  );
  return said?.slice(1).find((each) => each !== undefined);
}

/** What ran before this request, so far as its reply and events say so; undefined where it is what runs here. */
export function premiseOf(
  step: RecordedStep,
  known: Pick<RunningComponent, "reference" | "count"> | undefined,
): Pick<RunningComponent, "reference" | "count" | "annotations"> | undefined {
  const { verb } = verbOf(step.subject);
  if (!verb.startsWith("component.")) return undefined;
  const reference = saidReference(step, known !== undefined);
  if (reference === undefined || known?.reference === reference) return undefined;
  const event = step.events[0]?.body.data;
  const count = verb === "component.update" && event ? Number(event.max_instances) : (known?.count ?? 1);
  return { reference, count, annotations: (event?.annotations ?? {}) as Record<string, string> };
}

/** Lets a simulated host run what ran before this request. */
export function premise(host: SimulatedHost, step: RecordedStep): void {
  const id = String((step.body as Fields | undefined)?.component_id);
  const known = host.context.state.components.get(id);
  const before = premiseOf(step, known);
  if (before)
    host.context.state.components.set(id, {
      ...unknown,
      ...before,
      code: before.reference,
      ...known,
      reference: before.reference,
    });
}

/** Lets a policy service deny what it denied. */
export function denials(host: SimulatedHost, step: RecordedStep): void {
  const error = String(step.events[0]?.body.data.error);
  const reason = /^policy denied request.*Some\("(.*)"\)|^Policy denied request.*: `"(.*)"`$/.exec(error);
  if (reason) host.faults.add({ kind: "policyDenial", reason: reason[1] ?? reason[2], count: 1 });
}

function without(links: readonly Link[], others: readonly Link[]): Link[] {
  const texts = others.map((each) => JSON.stringify(Object.entries(each).sort()));
  return links.filter((link) => !texts.includes(JSON.stringify(Object.entries(link).sort())));
}

/** The changes of links that lie between two readings of them without a request of their own in the recording. */
export function whollyLeftOut(before: readonly Link[], after: readonly Link[]): Command[] {
  const put = without(after, before).map((link) => ({ verb: "link.put", body: { ...link } }));
  const deleted = without(before, after).map(({ source_id, name, wit_namespace, wit_package }) => ({
    verb: "link.del",
    body: { source_id, name, wit_namespace, wit_package },
  }));
  return [...deleted, ...put];
}

/** Takes over which of equal links are stored, and in which order. */
export function adoptLinks(state: LatticeState, links: readonly Link[]): void {
  const sources = new Set([...state.specs.keys(), ...links.map((link) => link.source_id)]);
  for (const source of sources) {
    const own = links.filter((link) => link.source_id === source);
    state.putSpec(source, { url: "", ...state.specs.get(source), links: own });
  }
}

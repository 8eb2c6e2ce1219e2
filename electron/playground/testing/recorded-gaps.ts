import type { RunningComponent } from "../host-context.ts";
import type { SimulatedHost } from "../lattice-host.ts";
import type { LatticeState, Link } from "../lattice-state.ts";
import type { RecordedStep } from "./recorded-steps.ts";
import { verbOf } from "./recorded-steps.ts";

type Fields = Record<string, unknown>;

interface Component {
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

/** Does what requests must have done that the recording left out: start what is new, stop what is gone. */
export async function catchUpComponents(host: SimulatedHost, { components }: Inventory): Promise<void> {
  const { state } = host.context;
  for (const { id, image_ref, max_instances, annotations, limits } of components)
    if (!state.components.has(id))
      await host.execute("component.scale", {
        component_id: id,
        component_ref: image_ref,
        count: max_instances,
        annotations,
        ...(limits ? { component_limits: limits } : {}),
      });
  for (const [id, { reference }] of [...state.components])
    if (!components.some((each) => each.id === id))
      await host.execute("component.scale", { component_id: id, component_ref: reference, count: 0 });
}

/** The same for providers. */
export async function catchUpProviders(host: SimulatedHost, { providers }: Inventory): Promise<void> {
  const { state } = host.context;
  for (const { id, image_ref, annotations } of providers)
    if (!state.providers.has(id)) {
      const reference = image_ref.startsWith("/") ? `file://${image_ref}` : image_ref;
      await host.execute("provider.start", { provider_id: id, provider_ref: reference, annotations });
    }
  for (const id of [...state.providers.keys()])
    if (!providers.some((each) => each.id === id)) await host.execute("provider.stop", { provider_id: id });
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

/** What ran before this request, so far as its reply and events say so. */
export function premise(host: SimulatedHost, step: RecordedStep): void {
  const { verb } = verbOf(step.subject);
  if (!verb.startsWith("component.")) return;
  const body = step.body as Fields;
  const id = String(body.component_id);
  const known = host.context.state.components.get(id);
  const said = saidReference(step, known !== undefined);
  if (said === undefined || known?.reference === said) return;
  const event = step.events[0]?.body.data;
  const count = verb === "component.update" && event ? Number(event.max_instances) : (known?.count ?? 1);
  const annotations = (event?.annotations ?? {}) as Record<string, string>;
  host.context.state.components.set(id, {
    ...unknown,
    count,
    annotations,
    code: said,
    ...known,
    reference: said,
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
export function whollyLeftOut(
  before: readonly Link[],
  after: readonly Link[],
): { verb: string; body: object }[] {
  const put = without(after, before).map((link) => ({ verb: "link.put", body: link }));
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

import type { LatticeMessage } from "../../../recordings/recordings.ts";

export interface RecordedEvent {
  line: number;
  at: string;
  subject: string;
  body: { source: string; data: Record<string, unknown> };
}

/** One request of the recording, the replies to it and the events that it led to. */
export interface RecordedStep {
  line: number;
  /** Whether the request itself was left out and is inferred from what it led to. */
  inferred: boolean;
  at: number;
  subject: string;
  body: unknown;
  replies: unknown[];
  /** The line of the first reply. */
  repliedAt?: number;
  events: RecordedEvent[];
}

/** What is done or taken over, in order: a request, or an event whose request the recording left out. */
export type RecordedItem =
  | { kind: "step"; line: number; step: RecordedStep }
  | { kind: "event"; line: number; event: RecordedEvent };

/** A scale that must have been sent before a line, although the recording left it out. */
export interface LeftOut {
  before: number;
  host: string;
  body: Record<string, unknown>;
}

const timeoutMilliseconds = 60_000;

export function typeOf(event: RecordedEvent): string {
  return event.subject.split(".").slice(3).join(".");
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** The part of a subject after prefix, version and lattice. */
export function verbOf(subject: string): { lattice: string; verb: string; id: string } {
  const match = /\.v1\.([^.]+)\.([^.]+\.[^.]+)(?:\.(.*))?$/.exec(subject);
  return { lattice: match?.[1] ?? "", verb: match?.[2] ?? "", id: match?.[3] ?? "" };
}

type Fields = Record<string, unknown>;

const hostId = /^N[A-Z2-7]{55}$/;

/** The hosts that must be there because a request reaches them, or they reply or publish. */
export function hostsShownBy({ subject, replies, events }: RecordedStep): string[] {
  const responses = replies.map((reply) => (reply as { response?: Fields }).response);
  const ids = [
    ...events.map(({ body }) => body.source),
    ...(replies.length > 0 ? [verbOf(subject).id] : []),
    ...responses.flatMap((response) => [String(response?.id), String(response?.host_id)]),
  ];
  return [...new Set(ids)].filter((id) => hostId.test(id));
}

function sameFields(event: RecordedEvent, body: Fields, ...names: string[]): boolean {
  const given = (name: string): unknown => body[name] ?? (name === "name" ? "default" : undefined);
  return names.every((name) => same(event.body.data[name], given(name)));
}

/** A scale tells its count and an update the new reference; 1.0.0 adds zeros at once, later versions after updates. */
function fitsScale(event: RecordedEvent, step: RecordedStep, zeros: boolean): boolean {
  const { max_instances: count, image_ref: reference } = event.body.data;
  const body = step.body as Fields;
  const atOnce = Date.parse(event.at) - step.at < 200;
  const zero = count === 0 && atOnce && (zeros || body.allow_update === true);
  if (body.new_component_ref !== undefined) return zero || reference === body.new_component_ref;
  return zero || count === (body.count ?? 0);
}

/** One request leads to events of one component with the same annotations. */
function differ(one: RecordedEvent, other: RecordedEvent): boolean {
  return !same(one.body.data.annotations, other.body.data.annotations);
}

/** How many events one request of a sort leads to at most. */
function most({ body }: RecordedStep, verb: string): number {
  if (!verb.startsWith("component.")) return 1;
  return (body as Fields).count === 0 ? 2 : 3;
}

const linkKey = ["source_id", "name", "wit_namespace", "wit_package"];
const causes: Record<string, (event: RecordedEvent, body: Fields, id: string) => boolean> = {
  component_scaled: (event, body) => sameFields(event, body, "component_id"),
  component_scale_failed: (event, body) =>
    sameFields(event, body, "component_id") && event.body.data.max_instances === (body.count ?? 0),
  provider_started: (event, body) => sameFields(event, body, "provider_id"),
  provider_start_failed: (event, body) => sameFields(event, body, "provider_id"),
  provider_stopped: (event, body) => sameFields(event, body, "provider_id"),
  labels_changed: () => true,
  linkdef_set: (event, body) => sameFields(event, body, "target", "interfaces", ...linkKey),
  linkdef_set_failed: (event, body) => sameFields(event, body, "target", "interfaces", ...linkKey),
  linkdef_deleted: (event, body) => sameFields(event, body, ...linkKey),
  config_set: (event, _body, id) => event.body.data.config_name === id,
  config_deleted: (event, _body, id) => event.body.data.config_name === id,
  host_stopped: () => true,
};
const verbs: Record<string, readonly string[]> = {
  component_scaled: ["component.scale", "component.update"],
  component_scale_failed: ["component.scale"],
  provider_started: ["provider.start"],
  provider_start_failed: ["provider.start"],
  provider_stopped: ["provider.stop"],
  labels_changed: ["label.put", "label.del"],
  linkdef_set: ["link.put"],
  linkdef_set_failed: ["link.put"],
  linkdef_deleted: ["link.del"],
  config_set: ["config.put"],
  config_deleted: ["config.del"],
  host_stopped: ["host.stop"],
};
const directed = ["component", "provider", "label", "host"];

function mayHaveCaused(step: RecordedStep, event: RecordedEvent, zeros: boolean): boolean {
  const type = typeOf(event);
  const { verb, id } = verbOf(step.subject);
  if (!verbs[type]?.includes(verb) || step.events.length >= most(step, verb)) return false;
  const first = step.events[0];
  if (first && differ(first, event)) return false;
  const refused = (step.replies[0] as { success?: boolean } | undefined)?.success === false;
  if (refused && !type.endsWith("_failed")) return false;
  if (type === "component_scaled" && !fitsScale(event, step, zeros)) return false;
  if (directed.includes(verb.split(".")[0] ?? "") && id !== event.body.source) return false;
  const body = typeof step.body === "object" && step.body !== null ? (step.body as Fields) : {};
  return causes[type]?.(event, body, id) ?? false;
}

/** The requests in order; a reply whose request was left out stands for it. */
function readSteps(messages: readonly LatticeMessage[], leftOut: readonly LeftOut[]): RecordedStep[] {
  const steps: RecordedStep[] = [];
  messages.forEach((message, index) => {
    const at = Date.parse(message.at);
    for (const { host, body } of leftOut.filter(({ before }) => before === index + 1)) {
      const subject = `wasmbus.ctl.v1.default.component.scale.${host}`;
      steps.push({ line: index + 0.5, inferred: true, at, subject, body, replies: [], events: [] });
    }
    if (message.kind === "request") {
      const { subject, body } = message;
      steps.push({ line: index + 1, inferred: false, at, subject, body, replies: [], events: [] });
      return;
    }
    if (message.kind !== "reply") return;
    const many = /\.(host\.ping|(component|provider)\.auction|registry\.put)$/.test(message.to);
    const asked = steps.findLast((step) => step.subject === message.to && same(step.body, message.request));
    const open = asked && (many || asked.replies.length === 0) && at - asked.at < 6000;
    if (open) {
      asked.replies.push(message.body);
      asked.repliedAt ??= index + 1;
    } else
      steps.push({
        line: index + 1,
        inferred: true,
        at,
        subject: message.to,
        body: message.request,
        replies: [message.body],
        repliedAt: index + 1,
        events: [],
      });
  });
  return steps;
}

function causeOf(
  steps: readonly RecordedStep[],
  event: RecordedEvent,
  line: number,
  zeros: boolean,
): RecordedStep | undefined {
  const at = Date.parse(event.at);
  const before = steps.findLast(
    (step) => step.line < line && at - step.at < timeoutMilliseconds && mayHaveCaused(step, event, zeros),
  );
  const after = steps.find(
    (step) => step.line > line && step.at - at < 100 && mayHaveCaused(step, event, zeros),
  );
  const near = before && at - before.at < 3000;
  return near ? before : (after ?? before);
}

/** Puts a recording in order: which request led to which replies and events. */
export function recordedItems(
  messages: readonly LatticeMessage[],
  leftOut: readonly LeftOut[],
): RecordedItem[] {
  const zeros = messages.some(
    ({ body }) => (body as { data?: Fields } | undefined)?.data?.version === "1.0.0",
  );
  const steps = readSteps(messages, leftOut);
  const items: RecordedItem[] = steps.map((step) => ({ kind: "step", line: step.line, step }));
  messages.forEach((message, index) => {
    if (message.kind !== "event") return;
    const event: RecordedEvent = { ...message, line: index + 1, body: message.body as RecordedEvent["body"] };
    const cause = causeOf(steps, event, index + 1, zeros);
    if (cause) cause.events.push(event);
    else items.push({ kind: "event", line: index + 1, event });
  });
  return items.sort((left, right) => left.line - right.line);
}

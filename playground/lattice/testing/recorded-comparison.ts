import { formOf } from "./recorded-form.ts";
import type { RecordedStep } from "./recorded-steps.ts";
import { typeOf, verbOf } from "./recorded-steps.ts";

/** Where the simulator did not do as the recording shows. */
export interface Difference {
  line: number;
  request: string;
  recorded: string;
  simulated: string;
}

/** What a request led to on the simulated side. */
export interface Outcome {
  replies: unknown[];
  events: { type: string; source: string; data: unknown }[];
  /** How many of the events came before the reply; undefined where the request did not go over the wire. */
  early: number | undefined;
}

const listing = ["host.get", "link.get", "claims.get"];
const synchronous = /^(label|link|config)\.(put|del)$|^provider\.stop$/;

function eventForm(type: string, data: unknown): string {
  return `${type} ${formOf(data)}`;
}

/** Inventories and lists are compared on their own. */
function replyForm(verb: string, reply: unknown): string {
  return `${verb} ${formOf(listing.includes(verb) ? { ...(reply as object), response: [] } : reply)}`;
}

function times(forms: readonly string[], form: string): number {
  return forms.filter((each) => each === form).length;
}

/** A request without a recorded reply may have had none, or one like an earlier one, which was left out. */
function repliesUnknown({ inferred, replies }: RecordedStep, verb: string): boolean {
  return replies.length === 0 && (inferred || verb === "registry.put");
}

/**
 * Compares what a simulated host says with what the real one said. A recording keeps of equal messages the first one:
 * what was recorded must come as often and in that order, and nothing may come that was never recorded before.
 */
export class Comparison {
  readonly differences: Difference[] = [];
  readonly #seen = new Set<string>();

  same(line: number, request: string, recorded: unknown, simulated: unknown): void {
    this.#text(line, request, formOf(recorded), formOf(simulated));
  }

  step(step: RecordedStep, outcome: Outcome): void {
    const { verb } = verbOf(step.subject);
    this.#replies(step, verb, outcome);
    this.#events(step, verb, outcome);
  }

  #text(line: number, request: string, recorded: string, simulated: string): void {
    if (recorded !== simulated) this.differences.push({ line, request, recorded, simulated });
  }

  #forms(line: number, request: string, recorded: readonly string[], simulated: readonly string[]): void {
    const missing = recorded.filter((each) => times(recorded, each) > times(simulated, each));
    const surplus = simulated.filter((each) => !recorded.includes(each) && !this.#seen.has(each));
    for (const each of recorded) this.#seen.add(each);
    if (missing.length > 0 || surplus.length > 0)
      this.differences.push({ line, request, recorded: missing.join("\n"), simulated: surplus.join("\n") });
  }

  #replies(step: RecordedStep, verb: string, outcome: Outcome): void {
    if (repliesUnknown(step, verb)) return;
    const recorded = step.replies.map((reply) => replyForm(verb, reply));
    const simulated = outcome.replies.map((reply) => replyForm(verb, reply));
    // Which hosts were up, and so answered a ping, is not recorded.
    const heard = verb === "host.ping" ? simulated.filter((each) => recorded.includes(each)) : simulated;
    this.#forms(step.line, `${verb} reply`, recorded, heard);
  }

  #events(step: RecordedStep, verb: string, outcome: Outcome): void {
    const recorded = step.events.map((event) => eventForm(typeOf(event), event.body.data));
    const simulated = outcome.events.map(({ type, data }) => eventForm(type, data));
    this.#forms(step.line, `${verb} events`, recorded, simulated);
    const order = (forms: readonly string[], others: readonly string[]): string =>
      [...new Set(forms.filter((each) => others.includes(each)))].join("\n");
    this.#text(step.line, "order of events", order(recorded, simulated), order(simulated, recorded));
    this.#order(step, verb, outcome);
  }

  /** Where a reply tells of what is done, its event is published before it. */
  #order(step: RecordedStep, verb: string, { events, early }: Outcome): void {
    const first = step.events[0];
    if (!synchronous.test(verb) || early === undefined || !first || events.length === 0) return;
    const answered = step.repliedAt;
    if (answered === undefined) return;
    const said = (before: boolean): string => (before ? "event, reply" : "reply, event");
    this.#text(step.line, `${verb} order`, said(first.line < answered), said(early > 0));
  }
}

import type { WireProbe } from "../testing/wire-probe.ts";

/** An event by its type and the part of its data that matters. */
export type ExpectedEvent = readonly [type: string, data: Record<string, unknown>];

/** One row of wasmcloud-control Appendix B; `H` in a subject or body stands for the host ID. */
export interface Vector {
  row: number;
  subject: string;
  body?: unknown;
  reply: unknown;
  before?: readonly ExpectedEvent[];
  after?: readonly ExpectedEvent[];
  inventory?: { components?: unknown[]; providers?: unknown[] };
}

function withHost<T>(value: T, id: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll('"H"', JSON.stringify(id))) as T;
}

/** The replies are texts with their keys in order, so that a partial comparison still compares them fully. */
interface Course {
  replies: string[];
  before: object[];
  after: object[];
  inventory?: unknown;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

function expectedEvents(events: readonly ExpectedEvent[] | undefined, id: string): object[] {
  return withHost(events ?? [], id).map(([type, data]) => ({ type, source: id, data }));
}

/** Drives the host by one row; the actual course must match the expected one. */
export async function runVector(
  probe: WireProbe,
  id: string,
  vector: Vector,
): Promise<{ actual: Course; expected: Course }> {
  const suffix = vector.subject.replace(/\.H$/, `.${id}`);
  const body = vector.body === undefined ? undefined : withHost(vector.body, id);
  const settled = vector.reply === undefined ? () => probe.fence() : undefined;
  const { before, after, ...exchange } = await probe.exchange(suffix, body, settled);
  const replies = exchange.replies.map(canonical);
  const expected: Course = {
    replies: vector.reply === undefined ? [] : [canonical(vector.reply)],
    before: expectedEvents(vector.before, id),
    after: expectedEvents(vector.after, id),
  };
  if (!vector.inventory) return { actual: { replies, before, after }, expected };
  const inventory = await probe.request(`host.get.${id}`);
  return {
    actual: { replies, before, after, inventory },
    expected: { ...expected, inventory: { response: vector.inventory } },
  };
}

/** A positive reply, as sent by hosts since 1.3. */
export function yes(message = ""): object {
  return { success: true, message };
}

/** A negative reply. */
export function no(message: string): object {
  return { success: false, message };
}

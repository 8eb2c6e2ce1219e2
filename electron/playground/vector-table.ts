import { expect } from "vitest";
import type { SeenEvent, WireProbe } from "./wire-probe.ts";

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

function expectEvents(seen: SeenEvent[], expected: readonly ExpectedEvent[], id: string): void {
  expect(seen.map((event) => event.type)).toEqual(expected.map(([type]) => type));
  expected.forEach(([, data], index) => {
    expect(seen[index]?.source).toBe(id);
    expect(seen[index]?.data).toMatchObject(data);
  });
}

/** Drives the host by one row and compares the reply, the events before it and the events after it. */
export async function checkVector(probe: WireProbe, id: string, vector: Vector): Promise<void> {
  const suffix = vector.subject.replace(/\.H$/, `.${id}`);
  const body = vector.body === undefined ? undefined : withHost(vector.body, id);
  const { replies, before, after } = await probe.exchange(
    suffix,
    body,
    vector.reply === undefined ? () => probe.fence() : undefined,
  );
  expect(replies).toEqual(vector.reply === undefined ? [] : [vector.reply]);
  expectEvents(before, withHost(vector.before ?? [], id), id);
  expectEvents(after, withHost(vector.after ?? [], id), id);
  if (!vector.inventory) return;
  const inventory = await probe.request(`host.get.${id}`);
  expect(inventory).toMatchObject({ response: vector.inventory });
}

/** A positive reply, as sent by hosts since 1.3. */
export function yes(message = ""): object {
  return { success: true, message };
}

/** A negative reply. */
export function no(message: string): object {
  return { success: false, message };
}

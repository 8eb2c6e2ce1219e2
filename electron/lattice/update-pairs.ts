import type { DecodedEvent, KnownEvent } from "./event-types.ts";

export type ScaledEvent = Extract<KnownEvent, { type: "component_scaled" }>;

export function isScaled(event: DecodedEvent): event is ScaledEvent {
  return event.kind === "known" && event.type === "component_scaled";
}

/**
 * How far apart, by the host's clock, the two events of an update may be: hosts sent them 0.1 to 4.4 ms apart, and the zero of
 * the quickest real stop 375 ms after the count before it.
 */
export const pairMs = 250;

/** So many counts are kept while their zero may follow; the oldest go first. */
const most = 10_000;

/**
 * Finds the updates in the events of hosts from 1.0.1 on, whoever sent them: a count, and at once a zero of the same image. No
 * other command ends like that, but for a stop that comes together with a start or scale (wasmcloud-control §2.7).
 */
export class UpdatePairs {
  private readonly counts = new Map<string, { imageReference: string; atMs: number }>();

  /** Takes the next event of a lattice; whether it is the second one of an update. `atMs` is its arrival. */
  endsUpdate(event: ScaledEvent, atMs: number): boolean {
    const key = `${event.lattice}/${event.source}/${event.componentId}`;
    const time = event.timeMs ?? atMs;
    const { imageReference } = event;
    const before = this.counts.get(key);
    this.counts.delete(key);
    if (event.maxInstances !== 0) {
      this.counts.set(key, { imageReference, atMs: time });
      const [oldest] = this.counts.keys();
      if (this.counts.size > most && oldest !== undefined) this.counts.delete(oldest);
      return false;
    }
    return before?.imageReference === imageReference && Math.abs(time - before.atMs) <= pairMs;
  }
}

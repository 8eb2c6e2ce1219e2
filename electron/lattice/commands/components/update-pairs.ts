import type { DecodedEvent, KnownEvent } from "../../events/event-types.ts";

export type ScaledEvent = Extract<KnownEvent, { type: "component_scaled" }>;

export function isScaled(event: DecodedEvent): event is ScaledEvent {
  return event.kind === "known" && event.type === "component_scaled";
}

/**
 * How far apart, by the host's clock, the two events of an update may be: recorded hosts sent them 0.1 to 4.4 ms apart, and the
 * zero of their quickest stop 375 ms after the count before it.
 */
export const pairMs = 250;
/** The same where the image is the one that the event before named too: more likely a start or scale, and a stop right after it. */
const sameImageMs = 10;

/** Of so many components the last event is kept; the oldest go first. */
const most = 10_000;

interface LastEvent {
  imageReference: string;
  atMs: number;
  isCount: boolean;
  /** The image of the event before it. */
  imageBefore: string | undefined;
}

/**
 * Finds the updates in the events of hosts from 1.0.1 on, whoever sent them: a count, and at once a zero of the same image. No
 * other command ends like that, but for a stop that comes together with a start or scale (wasmcloud-control §2.7).
 */
export class UpdatePairs {
  private readonly last = new Map<string, LastEvent>();

  /** Takes the next event of a lattice; whether it is the second one of an update. `arrivedMs` stands for a time that it lacks. */
  endsUpdate(event: ScaledEvent, arrivedMs: number): boolean {
    const key = `${event.lattice}/${event.source}/${event.componentId}`;
    const { imageReference, timeMs: atMs = arrivedMs } = event;
    const before = this.last.get(key);
    const isCount = event.maxInstances !== 0;
    this.last.delete(key);
    this.last.set(key, { imageReference, atMs, isCount, imageBefore: before?.imageReference });
    const [oldest] = this.last.keys();
    if (this.last.size > most && oldest !== undefined) this.last.delete(oldest);
    if (isCount || !before?.isCount || before.imageReference !== imageReference) return false;
    const longestMs = before.imageBefore === imageReference ? sameImageMs : pairMs;
    return Math.abs(atMs - before.atMs) <= longestMs;
  }
}

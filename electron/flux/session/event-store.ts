import type { FluxEvent } from "../../../shared/flux/schema.ts";

/** An event as it is kept: what is shown, and the text that came. */
export interface KeptEvent {
  event: FluxEvent;
  raw: string;
}

/** Where events are kept; bounded, the oldest go first. */
export interface FluxEventStore {
  append(event: Omit<FluxEvent, "sequence">, raw: string): FluxEvent;
  /** Newest first. */
  list(query: {
    connectionId: string;
    daemonId?: string | undefined;
    before?: number | undefined;
    limit: number;
  }): FluxEvent[];
  get(connectionId: string, sequence: number): KeptEvent | undefined;
}

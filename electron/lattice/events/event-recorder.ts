import type { EventRow } from "../../../shared/events/schema.ts";
import type { NewEvent } from "../../storage/event-log.ts";

export type { NewEvent } from "../../storage/event-log.ts";

import { describeEvent } from "./describe-event.ts";
import { EventRate } from "./event-rate.ts";
import type { DecodedEvent } from "./event-types.ts";

/** Keeps events; gives each its sequence at once and may write later. */
export interface EventSink {
  append(events: readonly NewEvent[]): EventRow[];
}

export interface EventCounts {
  total: number;
  malformed: number;
  unknown: number;
  /** Events in the last second. */
  perSecond: number;
  lastAt?: string;
}

/** Counts the events of one lattice and writes them down for the log. */
export class EventRecorder {
  readonly #scope: { connectionId: string; lattice: string };
  readonly #rate = new EventRate();
  #total = 0;
  #malformed = 0;
  #unknown = 0;
  #lastMs = 0;
  #lastText = "";
  #entries: NewEvent[] = [];

  constructor(scope: { connectionId: string; lattice: string }) {
    this.#scope = scope;
  }

  /** Counts an event that arrived at `at` and prepares its entry; `hostName` is its host's friendly name. */
  note(event: DecodedEvent, at: number, hostName: string | undefined): void {
    const description = describeEvent(event, hostName ?? (event.source.slice(0, 8) || "a host"));
    this.#total += 1;
    if (event.kind === "malformed") this.#malformed += 1;
    if (event.kind === "unknown") this.#unknown += 1;
    if (at !== this.#lastMs) {
      this.#lastMs = at;
      this.#lastText = new Date(at).toISOString();
    }
    this.#entries.push({
      connectionId: this.#scope.connectionId,
      lattice: this.#scope.lattice,
      receivedAt: this.#lastText,
      time: event.time,
      type: event.type,
      known: event.kind === "known",
      severity: description.severity,
      source: event.source || undefined,
      sourceName: hostName,
      entityKind: description.entityKind,
      entityId: description.entityId,
      summary: description.summary,
      subject: event.subject,
      raw: event.raw,
    });
  }

  /** Counts something else than an event that the console could make nothing of. */
  countMalformed(): void {
    this.#malformed += 1;
  }

  /** The entries prepared since the last call. */
  take(now: number): NewEvent[] {
    const entries = this.#entries;
    this.#entries = [];
    this.#rate.add(entries.length, now);
    return entries;
  }

  counts(now: number): EventCounts {
    return {
      total: this.#total,
      malformed: this.#malformed,
      unknown: this.#unknown,
      perSecond: this.#rate.perSecond(now),
      ...(this.#lastText === "" ? {} : { lastAt: this.#lastText }),
    };
  }
}

import type { DecodedEvent, KnownEvent } from "./event-types.ts";

interface Window {
  readonly events: KnownEvent[];
  close(): void;
}

/** Events about single workloads; those about the whole host are as good as its reply. */
const repeatable = new Set([
  "component_scaled",
  "provider_started",
  "provider_stopped",
  "health_check_passed",
  "health_check_failed",
]);

const mostEvents = 10_000;

/** Keeps, for each inventory query under way, the events of its host: the reply may or may not include them. */
export class OverlappingEvents {
  readonly #windows = new Map<string, Set<Window>>();

  /** Starts to keep events of a host until the window is closed. */
  open(hostId: string): Window {
    const windows = this.#windows.get(hostId) ?? new Set();
    this.#windows.set(hostId, windows);
    const window: Window = {
      events: [],
      close: () => {
        windows.delete(window);
        if (windows.size === 0 && this.#windows.get(hostId) === windows) this.#windows.delete(hostId);
      },
    };
    windows.add(window);
    return window;
  }

  note(event: DecodedEvent): void {
    if (this.#windows.size === 0 || event.kind !== "known" || !repeatable.has(event.type)) return;
    for (const window of this.#windows.get(event.source) ?? []) {
      // What is lost of a flood, the next heartbeat brings.
      if (window.events.length < mostEvents) window.events.push(event);
    }
  }
}

import { connectionProfileSchema } from "../../../shared/connections/schema.ts";
import type { FluxEvent } from "../../../shared/flux/schema.ts";
import { Scope } from "../../connections/scope.ts";
import { systemClock } from "../../upstream/clock.ts";
import type { CallTimes } from "../client/daemon-client.ts";
import { defaultLimits, type ListenerLimits } from "../listener/limits.ts";
import { hashToken } from "../listener/tokens.ts";
import type { FluxEventStore, KeptEvent } from "../session/event-store.ts";
import { FluxSession } from "../session/flux-session.ts";

/** A store that keeps everything in memory. */
export class MemoryEvents implements FluxEventStore {
  readonly kept: KeptEvent[] = [];

  append(event: Omit<FluxEvent, "sequence">, raw: string): FluxEvent {
    const row = { ...event, sequence: this.kept.length + 1 };
    this.kept.push({ event: row, raw });
    return row;
  }

  list(query: { daemonId?: string | undefined; limit: number }): FluxEvent[] {
    const rows = this.kept.map(({ event }) => event).reverse();
    return rows
      .filter(({ daemonId }) => !query.daemonId || daemonId === query.daemonId)
      .slice(0, query.limit);
  }

  get(_connectionId: string, sequence: number): KeptEvent | undefined {
    return this.kept[sequence - 1];
  }
}

export const token = "tok-7f3a";

/** A daemon's entry among those that may come in. */
export function holder(id: string, secret: string = token) {
  return { id, name: id, tokenHash: hashToken(secret) };
}

export interface ConsoleSide {
  session: FluxSession;
  events: MemoryEvents;
  errors: unknown[];
  /** Takes a profile with these daemons. */
  adopt(daemons: ReturnType<typeof holder>[]): boolean;
  /** For `--connect`. */
  url: string;
  close(): Promise<void>;
}

/** A listener on a free port of this machine, with one daemon that may come in. */
export async function openConsoleSide(
  options: {
    limits?: Partial<ListenerLimits>;
    times?: Partial<CallTimes>;
    daemons?: ReturnType<typeof holder>[];
    files?: { certificateFile: string; keyFile: string };
  } = {},
): Promise<ConsoleSide> {
  const events = new MemoryEvents();
  const errors: unknown[] = [];
  const target = {
    host: "127.0.0.1",
    port: 0,
    daemons: options.daemons ?? [holder("shop")],
    ...options.files,
  };
  const scope = new Scope((error) => errors.push(error));
  const session = new FluxSession({
    connectionId: "flux",
    target,
    events,
    limits: { ...defaultLimits, ...options.limits },
    times: { defaultMs: 3_000, listMs: 3_000, planMs: 5_000, ...options.times },
    readEveryMs: 60_000,
    clock: systemClock,
    scope,
    onError: (error) => errors.push(error),
  });
  await session.listener.open();
  const adopt = (daemons: ReturnType<typeof holder>[]): boolean => {
    const common = { id: "flux", name: "Flux", color: "#4dabf7", environment: "DEV", system: "flux" };
    return session.adopt(connectionProfileSchema.parse({ ...common, target: { ...target, daemons } }));
  };
  return { session, events, errors, adopt, url: session.listener.url, close: () => scope.end() };
}

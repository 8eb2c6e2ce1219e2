import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { connect, type NatsConnection } from "nats";
import { type BenchHost, LatticeEvents } from "./lattice-events.ts";
import { Helper, preciseNow } from "./roles.ts";

interface Start {
  kind: "start";
  url: string;
  token: string;
  lattice: string;
  hosts: readonly BenchHost[];
  count: number;
  /** At most so many are published and not yet seen by whoever counts them, which keeps a slow one from being cut off. */
  window: number;
  /** As fast as the window allows when absent. */
  eventsPerSecond?: number;
  /** Every so manieth event is a probe. */
  probeEvery?: number;
}
type Order = Start | { kind: "seen"; count: number };

export interface Published {
  kind: "published";
  count: number;
  /** When the first one left, by `preciseNow`. */
  from: number;
  /** When each probe left. */
  probes: number[];
  health: Record<string, "healthy" | "unhealthy">;
}

export type PublishOptions = Omit<Start, "kind">;

/** Publishes in a process of its own; `seen` moves the window on. */
export class Publisher {
  readonly #helper = new Helper<Order, Published>("publisher");

  async publish(options: PublishOptions): Promise<Published> {
    const done = this.#helper.report((report): report is Published => report.kind === "published");
    this.#helper.send({ kind: "start", ...options });
    return done;
  }

  seen(count: number): void {
    this.#helper.send({ kind: "seen", count });
  }

  stop(): Promise<void> {
    return this.#helper.stop();
  }
}

/** The publisher's own process. */
export async function publisherRole(): Promise<void> {
  let seen = 0;
  process.on("message", (order: Order) => {
    if (order.kind === "seen") seen = order.count;
    else void publishAll(order, () => seen).then((published) => process.send?.(published));
  });
}

async function publishAll(order: Start, seen: () => number): Promise<Published> {
  const nats = await connect({ servers: order.url, token: order.token });
  const events = new LatticeEvents(order.lattice, order.hosts);
  const probes: number[] = [];
  const from = preciseNow();
  let count = 0;
  while (count < order.count) {
    const allowed = Math.min(
      order.count,
      seen() + order.window,
      count + turnSize(order, count, preciseNow() - from),
    );
    if (allowed <= count) {
      await pause(1);
      continue;
    }
    for (; count < allowed; count += 1) publishOne({ nats, events, probes }, order.probeEvery, count);
    // The answer to a flush says that the server has taken what was sent.
    if (order.eventsPerSecond === undefined) await nats.flush();
    else await nextTurn();
  }
  await nats.flush();
  await nats.close();
  return { kind: "published", count, from, probes, health: events.health };
}

const fullTurn = 1_000;

function turnSize({ eventsPerSecond }: Start, count: number, elapsedMs: number): number {
  if (eventsPerSecond === undefined) return fullTurn;
  return Math.min(fullTurn, Math.floor((elapsedMs * eventsPerSecond) / 1_000) - count);
}

interface Outlet {
  nats: NatsConnection;
  events: LatticeEvents;
  probes: number[];
}

function publishOne({ nats, events, probes }: Outlet, probeEvery: number | undefined, count: number): void {
  if (probeEvery !== undefined && count % probeEvery === 0) {
    const { number, event } = events.probe();
    probes[number] = preciseNow();
    nats.publish(event.subject, event.payload);
    return;
  }
  const { subject, payload } = events.next();
  nats.publish(subject, payload);
}

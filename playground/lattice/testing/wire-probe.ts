import type { Msg, NatsConnection } from "nats";
import { connect, createInbox } from "nats";
import type { NatsServer } from "../../kit/nats-server.ts";
import { startNatsServer } from "../../kit/nats-server.ts";
import type { HostOptions } from "../host/host-settings.ts";
import { SimulatedLattice } from "../lattice.ts";
import type { SimulatedHost } from "../lattice-host.ts";

export interface SeenEvent {
  type: string;
  source: string;
  data: Record<string, unknown>;
}

/** What one request led to, in the order of arrival on one connection. */
export interface Exchange {
  reply: unknown;
  replies: unknown[];
  before: SeenEvent[];
  after: SeenEvent[];
}

type Entry = { kind: "reply"; value: unknown } | { kind: "event"; event: SeenEvent };

const quiet = /^(health_check_|host_heartbeat)/;

/** A bare NATS connection that speaks raw JSON and writes down all it hears: the tests' view of the wire. */
export class WireProbe {
  readonly allEvents: SeenEvent[] = [];
  readonly rawEvents: string[] = [];
  readonly #entries: Entry[] = [];
  readonly #waiters = new Set<() => void>();
  #fences = 0;

  private constructor(
    readonly connection: NatsConnection,
    readonly lattice: string,
  ) {}

  /** Connects and listens to all events of a lattice. */
  static async open(
    { natsUrl: servers, natsToken: token }: { natsUrl: string; natsToken?: string | undefined },
    lattice = "default",
  ): Promise<WireProbe> {
    const probe = new WireProbe(await connect({ servers, token }), lattice);
    const callback = (_: Error | null, message: Msg): void => probe.#receive(message);
    probe.connection.subscribe(`wasmbus.evt.${lattice}.>`, { callback });
    await probe.connection.flush();
    return probe;
  }

  /** Sends one request and waits for its first reply; `undefined` in place of a body sends nothing. */
  async request(suffix: string, body?: unknown): Promise<unknown> {
    const payload = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
    const message = await this.connection.request(this.subject(suffix), payload, { timeout: 5000 });
    return message.json();
  }

  /** Sends one request and writes down its replies and the events around them, until it is settled. */
  async exchange(
    suffix: string,
    body?: unknown,
    settled: () => Promise<void> = this.#answered,
  ): Promise<Exchange> {
    await this.fence();
    this.#entries.length = 0;
    const inbox = createInbox();
    const subscription = this.connection.subscribe(inbox, {
      callback: (_, message) =>
        this.#record({ kind: "reply", value: message.data.length > 0 ? message.json() : "empty" }),
    });
    const payload = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
    this.connection.publish(this.subject(suffix), payload, { reply: inbox });
    await settled();
    subscription.unsubscribe();
    return this.#summary();
  }

  /** Waits until every host has done what it was told before; needs at least one running host. */
  async fence(): Promise<void> {
    // The first round trip lets work that follows a reply begin, the second outlasts it.
    for (let round = 0; round < 2; round += 1) {
      this.#fences += 1;
      const name = `fence-${this.#fences}`;
      await this.request(`config.put.${name}`, {});
      await this.until(() => this.allEvents.some((event) => event.data.config_name === name));
    }
  }

  /** Waits until the condition holds, looking again at each message. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiters.add(resolve));
  }

  /** The events of one type so far. */
  ofType(type: string): SeenEvent[] {
    return this.allEvents.filter((event) => event.type === type);
  }

  subject(suffix: string): string {
    return `wasmbus.ctl.v1.${this.lattice}.${suffix}`;
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  readonly #answered = async (): Promise<void> => {
    await this.until(() => this.#entries.some((entry) => entry.kind === "reply"));
    await this.fence();
  };

  #receive(message: Msg): void {
    const text = message.string();
    this.rawEvents.push(text);
    const type = message.subject.split(".").slice(3).join(".");
    let event: SeenEvent = { type, source: "", data: {} };
    try {
      event = { ...(JSON.parse(text) as SeenEvent), type };
    } catch {
      // Malformed events are on purpose: they stay in `rawEvents`.
    }
    this.allEvents.push(event);
    this.#record({ kind: "event", event });
  }

  #record(entry: Entry): void {
    this.#entries.push(entry);
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const wake of waiters) wake();
  }

  #summary(): Exchange {
    const replies = this.#entries.flatMap((entry) => (entry.kind === "reply" ? [entry.value] : []));
    const place = this.#entries.findIndex((entry) => entry.kind === "reply");
    const events = (entries: Entry[]): SeenEvent[] =>
      entries
        .flatMap((entry) => (entry.kind === "event" ? [entry.event] : []))
        .filter(({ type, data }) => !quiet.test(type) && !String(data?.config_name).startsWith("fence-"));
    const split = Math.max(place, 0);
    return {
      reply: replies[0],
      replies,
      before: events(this.#entries.slice(0, split)),
      after: events(this.#entries.slice(split)),
    };
  }
}

/** A server, a lattice with one host and a probe: what most tests start from. */
export interface TestBench {
  server: NatsServer;
  lattice: SimulatedLattice;
  host: SimulatedHost;
  probe: WireProbe;
  close(): Promise<void>;
}

/** Starts a test bench whose host has the label `zone: eu-1`. */
export async function startTestBench(options: HostOptions = {}): Promise<TestBench> {
  const server = await startNatsServer();
  const lattice = new SimulatedLattice({ url: server.url });
  const probe = await WireProbe.open({ natsUrl: server.url });
  const host = await lattice.addHost({ labels: { zone: "eu-1" }, ...options });
  return {
    server,
    lattice,
    host,
    probe,
    async close() {
      await probe.close();
      await lattice.stop();
      await server.stop();
    },
  };
}

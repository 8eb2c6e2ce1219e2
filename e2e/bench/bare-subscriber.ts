import { connect } from "nats";
import { Helper, preciseNow } from "./roles.ts";

interface Server {
  url: string;
  token: string;
}

type Report = { kind: "ready" } | { kind: "count"; count: number; at: number };

/** A NATS subscriber that does nothing but parse each message as JSON and count it, in a process of its own. */
export class BareSubscriber {
  readonly #helper = new Helper<Server, Report>("subscriber");

  /** Subscribes; `onCount` hears of the count a few times a second, and when it reaches `until`. */
  async start(server: Server, onCount: (count: number, at: number) => void): Promise<void> {
    const ready = this.#helper.report((report): report is { kind: "ready" } => report.kind === "ready");
    this.#helper.onReport((report) => {
      if (report.kind === "count") onCount(report.count, report.at);
    });
    this.#helper.send(server);
    await ready;
  }

  stop(): Promise<void> {
    return this.#helper.stop();
  }
}

const reportMs = 50;

/** The subscriber's own process. */
export async function subscriberRole(): Promise<void> {
  process.once("message", (server: Server) => void subscribe(server));
}

async function subscribe({ url, token }: Server): Promise<void> {
  const nats = await connect({ servers: url, token });
  const decoder = new TextDecoder();
  let count = 0;
  let at = 0;
  let reported = 0;
  nats.subscribe("wasmbus.evt.*.>", {
    callback: (error, message) => {
      if (error) throw error;
      if (typeof JSON.parse(decoder.decode(message.data)) !== "object") throw new Error("not an event");
      count += 1;
      at = preciseNow();
    },
  });
  await nats.flush();
  setInterval(() => {
    if (count === reported) return;
    reported = count;
    process.send?.({ kind: "count", count, at });
  }, reportMs);
  process.send?.({ kind: "ready" });
}

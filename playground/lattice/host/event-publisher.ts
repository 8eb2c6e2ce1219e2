import type { NatsConnection } from "nats";
import { eventId, timestamp } from "./clock.ts";
import type { HostFaults } from "./faults.ts";
import { quietly } from "./reply-sender.ts";

function envelope(source: string, type: string, data: unknown): object {
  return {
    specversion: "1.0",
    id: eventId(),
    type: `com.wasmcloud.lattice.${type}`,
    source,
    datacontenttype: "application/json",
    time: timestamp(),
    data,
  };
}

/** Publishes the events of one host (wasmcloud-control §4.1). */
export class EventPublisher {
  constructor(
    private readonly connection: NatsConnection,
    private readonly lattice: string,
    private readonly source: string,
    private readonly faults: HostFaults,
  ) {}

  publish(type: string, data: object): void {
    if (this.faults.take("dropEvents", type)) return;
    if (this.faults.take("unknownEvents", type))
      this.#send(
        "component_teleported",
        JSON.stringify(envelope(this.source, "component_teleported", { to: "moon" })),
      );
    this.#send(type, this.#serialise(type, data));
  }

  #serialise(type: string, data: object): string {
    const spoiled = this.faults.take("malformedEvents", type);
    if (spoiled?.form === "wrongTypes") {
      const numbers = Object.fromEntries(Object.keys(data).map((key, index) => [key, index]));
      return JSON.stringify(envelope(this.source, type, numbers));
    }
    const text = JSON.stringify(envelope(this.source, type, data));
    if (!spoiled) return text;
    return spoiled.form === "truncated" ? text.slice(0, Math.ceil(text.length / 2)) : "this is not JSON";
  }

  #send(type: string, text: string): void {
    quietly(() => this.connection.publish(`wasmbus.evt.${this.lattice}.${type}`, Buffer.from(text)));
  }
}

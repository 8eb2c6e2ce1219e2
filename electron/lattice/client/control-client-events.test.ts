import { connect, type NatsConnection } from "nats";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestBench, type TestBench } from "../../../playground/lattice/testing/wire-probe.ts";
import { ControlClient } from "./control-client.ts";

let bench: TestBench;
let nats: NatsConnection;
let client: ControlClient;

beforeAll(async () => {
  bench = await startTestBench();
  nats = await connect({ servers: bench.server.url });
  client = new ControlClient(nats, { lattice: "default" });
});
afterAll(async () => {
  await nats.close();
  await bench.close();
});

const publish = (type: string, text = "{}") => bench.host.publishRaw(`wasmbus.evt.default.${type}`, text);

it("hears the events of a command sent right after subscribing (trap 13)", async () => {
  const events = await client.receiveEvents(["labels_changed", "config_set", "labels_changed"]);
  expect(events.subjects).toEqual(["wasmbus.evt.default.labels_changed", "wasmbus.evt.default.config_set"]);
  await client.putLabel({ hostId: bench.host.id, key: "zone", value: "eu-2" });
  await client.deleteConfig("nothing");
  await client.putConfig("c1", {});
  events.stop();
  const seen: string[] = [];
  for await (const event of events) {
    expect(JSON.parse(new TextDecoder().decode(event.payload))).toMatchObject({ source: bench.host.id });
    expect(event.subject).toBe(`wasmbus.evt.default.${event.type}`);
    seen.push(event.type);
  }
  expect(seen).toEqual(["labels_changed", "config_set"]);
});

it("hears everything with a wildcard, once, also what is no event", async () => {
  const events = await client.receiveEvents(["config_set", "*"]);
  expect(events.subjects).toEqual(["wasmbus.evt.default.*"]);
  publish("novelty");
  publish("config_set", "garbage");
  const seen: string[] = [];
  for await (const event of events) {
    seen.push(event.type);
    if (seen.length === 2) break;
  }
  expect(seen).toEqual(["novelty", "config_set"]);
  expect((await client.receiveEvents()).subjects).toEqual(["wasmbus.evt.default.*"]);
});

it("has an event prefix of its own (wasmcloud-control §1.5)", async () => {
  const options = { lattice: "default", topicPrefix: "x.ctl", eventPrefix: "acme.wasmbus.evt" };
  const events = await new ControlClient(nats, options).receiveEvents([">"]);
  bench.host.publishRaw("wasmbus.evt.default.config_set", "{}");
  bench.host.publishRaw("acme.wasmbus.evt.default.a.b", "{}");
  for await (const event of events) {
    expect(event.type).toBe("a.b");
    break;
  }
});

it("drops the oldest of too many waiting events and says how many", async () => {
  const events = await client.receiveEvents(["flood"]);
  for (let index = 0; index < 5_003; index += 1) publish("flood", String(index));
  await expect.poll(() => events.dropped).toBe(3);
  for await (const event of events) {
    expect(new TextDecoder().decode(event.payload)).toBe("3");
    break;
  }
});

it("ends with a failure when the connection is closed, after what had arrived", async () => {
  const connection = await connect({ servers: bench.server.url });
  const events = await new ControlClient(connection, { lattice: "default" }).receiveEvents(["last_words"]);
  publish("last_words");
  const reading = (async () => {
    const seen: string[] = [];
    for await (const event of events) {
      seen.push(event.type);
      await connection.close();
    }
    return seen;
  })();
  await expect(reading).rejects.toMatchObject({ code: "unreachable" });
  expect(events.failure).toMatchObject({ code: "unreachable" });
});

it("refuses names that are none", async () => {
  for (const types of [[], [""], ["a b"], ["a.*"], ["com.wasmcloud.lattice.config_set"]]) {
    await expect(client.receiveEvents(types)).rejects.toMatchObject({ code: "invalid_input" });
  }
});

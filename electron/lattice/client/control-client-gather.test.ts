import { connect, type Msg, type NatsConnection } from "nats";
import { connect as connectWebSocket } from "nats.ws";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type NatsServer, startNatsServer } from "../../../playground/kit/nats-server.ts";
import { SimulatedLattice } from "../../../playground/lattice/lattice.ts";
import { hostA, hostB } from "../testing/lattice-test-bed.ts";
import { ControlClient } from "./control-client.ts";
import type { AuctionBid, Host } from "./control-types.ts";

let server: NatsServer;
let responder: NatsConnection;
let nats: NatsConnection;

beforeAll(async () => {
  server = await startNatsServer({ websocket: true });
  responder = await connect({ servers: server.url });
  nats = await connect({ servers: server.url });
});
afterAll(async () => {
  await nats.close();
  await responder.close();
  await server.stop();
});

const subscriptions: { unsubscribe(): void }[] = [];
afterEach(() => {
  for (const subscription of subscriptions.splice(0)) subscription.unsubscribe();
});

async function answer(subject: string, respond: (message: Msg) => void): Promise<void> {
  subscriptions.push(responder.subscribe(subject, { callback: (_, message) => respond(message) }));
  await responder.flush();
}

const client = (auctionTimeoutMs = 250) => new ControlClient(nats, { lattice: "default", auctionTimeoutMs });
const pong = (id: string) => JSON.stringify({ success: true, message: "", response: { id } });
const ids = (hosts: readonly Host[]) => hosts.map(({ id }) => id);

describe("a ping", () => {
  it("ends at once, empty and without failure, when no host exists (row 51, trap 4)", async () => {
    const gathered = await client(20_000).getHosts();
    expect(gathered).toEqual({ replies: [], refusals: [], skipped: 0, ended: "no-responders" });
  });

  it("passes over what is no reply and goes on to the end of the window (wasmcloud-control §1.7, traps 4, 40)", async () => {
    await answer("wasmbus.ctl.v1.default.host.ping", (message) => {
      for (const text of ["", "<html>", '{"stream":"CTL","seq":1}', '{"success":true}', pong(hostA)])
        message.respond(text);
      message.respond('{"success":true,"message":"","response":7}');
      setTimeout(() => message.respond(pong(hostB)), 100);
    });
    const seen: string[] = [];
    const gathered = await client(1_500).getHosts({ onReply: ({ id }) => seen.push(id) });
    expect(ids(gathered.replies)).toEqual([hostA, hostB]);
    expect(gathered).toMatchObject({ skipped: 5, refusals: [], ended: "window" });
    expect(seen).toEqual([hostA, hostB]);
  });

  it("shows replies as they come and can be cancelled", async () => {
    await answer("wasmbus.ctl.v1.default.host.ping", (message) => message.respond(pong(hostA)));
    const controller = new AbortController();
    const gathered = await client(20_000).getHosts({
      signal: controller.signal,
      onReply: () => controller.abort(),
    });
    expect(ids(gathered.replies)).toEqual([hostA]);
    expect(gathered.ended).toBe("cancelled");
    const before = await client(20_000).getHosts({ signal: controller.signal });
    expect(before).toMatchObject({ replies: [], ended: "cancelled" });
  });

  it("fails when the connection is lost, because a missing reply would mean nothing", async () => {
    const connection = await connect({ servers: server.url });
    await answer("wasmbus.ctl.v1.default.host.ping", (message) => message.respond(pong(hostA)));
    const pinging = new ControlClient(connection, { lattice: "default", auctionTimeoutMs: 20_000 });
    const outcome = pinging.getHosts({ onReply: () => void connection.close() });
    await expect(outcome).rejects.toMatchObject({ code: "unreachable" });
  });

  it("does not hear hosts of another lattice or below another prefix", async () => {
    const lattice = new SimulatedLattice({ url: server.url, name: "staging" });
    const plain = await lattice.addHost();
    const prefixed = await lattice.addHost({ topicPrefix: "acme.wasmbus.ctl" });
    try {
      expect((await client().getHosts()).ended).toBe("no-responders");
      const options = { lattice: "staging", auctionTimeoutMs: 250 };
      expect(ids((await new ControlClient(nats, options).getHosts()).replies)).toEqual([plain.id]);
      const acme = new ControlClient(nats, { ...options, topicPrefix: "acme.wasmbus.ctl" });
      expect(ids((await acme.getHosts()).replies)).toEqual([prefixed.id]);
    } finally {
      await lattice.stop();
    }
  });
});

describe("an auction", () => {
  it("keeps refusals apart from bids (wasmcloud-control §2.4, row 6)", async () => {
    await answer("wasmbus.ctl.v1.default.component.auction", (message) => {
      message.respond('{"success":false,"message":"failed to deserialize component auction command"}');
      const response = { component_ref: "R", component_id: "R", host_id: hostA, constraints: {} };
      message.respond(JSON.stringify({ success: true, message: "", response }));
    });
    const bids: AuctionBid[] = [];
    const auction = { imageReference: "R", componentId: "a" };
    const gathered = await client().auctionComponent(auction, { onReply: (bid) => bids.push(bid) });
    expect(gathered.replies).toEqual([{ hostId: hostA, constraints: {}, reference: "R" }]);
    expect(gathered.refusals).toEqual([{ message: "failed to deserialize component auction command" }]);
    expect(bids).toEqual(gathered.replies);
  });

  it("collects each eligible host of a lattice of many versions (trap 5)", async () => {
    const lattice = new SimulatedLattice({ url: server.url });
    const versions = ["1.0.4", "1.2.1", "1.3.0", "1.5.1", "1.9.2"];
    const hosts = await Promise.all(
      versions.map((version) => lattice.addHost({ version, labels: { zone: "eu-1" } })),
    );
    await lattice.addHost({ labels: { zone: "us-1" } });
    try {
      const auction = { imageReference: "r.test/a:1", componentId: "a", constraints: { zone: "eu-1" } };
      const { replies } = await client().auctionComponent(auction);
      expect(replies.map(({ hostId }) => hostId).sort()).toEqual(hosts.map(({ id }) => id).sort());
      expect(new Set(replies.map(({ reference }) => reference))).toEqual(new Set(["r.test/a:1"]));
    } finally {
      await lattice.stop();
    }
  });

  it("that no host takes part in ends at once (wasmcloud-control §1.3)", async () => {
    const lattice = new SimulatedLattice({ url: server.url });
    await lattice.addHost({ providerAuction: false });
    try {
      const gathered = await client(20_000).auctionProvider({ imageReference: "R", providerId: "p" });
      expect(gathered.ended).toBe("no-responders");
    } finally {
      await lattice.stop();
    }
  });
});

it("counts a refusal of registry credentials as no success", async () => {
  await answer("wasmbus.ctl.v1.default.registry.put", (message) => {
    if (!message.reply) return;
    message.respond('{"success":true,"message":""}');
    message.respond('{"success":false,"message":"failed to deserialize registries put command"}');
  });
  const asked = await client().putRegistries({ "r.test": {} }, { collect: true });
  expect(asked).toMatchObject({ success: false, message: "1 accepted, 1 refused." });
  expect(await client().putRegistries({ "r.test": {} })).not.toHaveProperty("answers");
});

it("works the same over a websocket", async () => {
  Object.assign(globalThis, { WebSocket });
  const socket = await connectWebSocket({ servers: server.websocketUrl as string });
  const lattice = new SimulatedLattice({ url: server.url });
  try {
    const overSocket = new ControlClient(socket, { lattice: "default", auctionTimeoutMs: 250 });
    expect((await overSocket.getHosts()).ended).toBe("no-responders");
    await expect(overSocket.getLinks()).rejects.toMatchObject({ code: "unreachable" });
    const host = await lattice.addHost();
    expect(ids((await overSocket.getHosts()).replies)).toEqual([host.id]);
    expect(await overSocket.putConfig("c", { A: "1" })).toMatchObject({ success: true });
    expect((await overSocket.getConfig("c")).response).toEqual({ A: "1" });
  } finally {
    await socket.close();
    await lattice.stop();
  }
});

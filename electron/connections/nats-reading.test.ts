import { afterEach, expect, test } from "vitest";
import { startNatsServer } from "../../playground/kit/nats-server.ts";
import { watchUncaught } from "../../recordings/fuzz.ts";
import { latticeTargetSchema } from "../../shared/connections/schema.ts";
import { openNats } from "./nats.ts";
import { RawPeer } from "./testing/raw-peer.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function both(way: "sockets" | "websockets") {
  const server = await startNatsServer({ websocket: way === "websockets" });
  cleanups.push(() => server.stop());
  const address = way === "websockets" ? server.websocketUrl : server.url;
  const nats = await openNats(latticeTargetSchema.parse({ addresses: [address] }), {});
  cleanups.push(() => nats.close());
  const peer = await RawPeer.connect(server.port, undefined);
  cleanups.push(() => peer.close());
  return { nats, peer };
}

const nothing = Buffer.alloc(0);
const badHeaders = Buffer.from("NATS/1.0\r\na key with spaces: x\r\n\r\n");

test.each(["sockets", "websockets"] as const)(
  "a message whose headers are none ends no connection over %s",
  async (way) => {
    const { nats, peer } = await both(way);
    const seen: unknown[] = [];
    nats.subscribe("inbox", { callback: (_error, message) => seen.push(message.headers?.code) });
    await nats.flush();
    peer.publish("inbox", { payload: nothing, headers: badHeaders });
    peer.publish("inbox", { payload: nothing, headers: Buffer.from("NATS/1.0 503\r\n\r\n") });
    await peer.flush();
    await nats.flush();
    expect(seen).toEqual([503]);
  },
);

test("an answer whose headers are none leaves the request to its time-out", async () => {
  const { nats, peer } = await both("sockets");
  peer.subscribe("asked", ({ reply }) => peer.publish(reply, { payload: nothing, headers: badHeaders }));
  await peer.flush();
  await expect(nats.request("asked", "", { timeout: 100 })).rejects.toMatchObject({ code: "TIMEOUT" });
  await nats.flush();
});

test("a listener that throws is an error of its own, and the next message comes", async () => {
  const { nats, peer } = await both("sockets");
  const uncaught = watchUncaught();
  cleanups.push(() => uncaught.end());
  const seen: string[] = [];
  nats.subscribe("inbox", {
    callback: (_error, message) => {
      seen.push(message.string());
      if (seen.length === 1) throw new Error("a mistake");
    },
  });
  await nats.flush();
  for (const text of ["first", "second"]) peer.publish("inbox", { payload: Buffer.from(text) });
  await peer.flush();
  await nats.flush();
  expect(seen).toEqual(["first", "second"]);
  await expect.poll(() => uncaught.errors).toMatchObject([{ message: "a mistake" }]);
});

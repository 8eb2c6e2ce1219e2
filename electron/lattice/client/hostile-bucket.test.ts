import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startNatsServer } from "../../../playground/kit/nats-server.ts";
import { type Playground, startPlayground } from "../../../playground/playground.ts";
import { hostileRuns, watchUncaught } from "../../../recordings/fuzz.ts";
import { latticeTargetSchema } from "../../../shared/connections/schema.ts";
import { Failure } from "../../../shared/contract/index.ts";
import { numbersFrom } from "../../../shared/testing/hostile-json.ts";
import { type NatsConnection, openNats } from "../../connections/nats.ts";
import { type RawMessage, RawPeer } from "../../connections/testing/raw-peer.ts";
import { hostileContent } from "../testing/hostile-contents.ts";
import { readConfigNames } from "./config-bucket.ts";

const timeoutMs = 60;

let playground: Playground;
let nats: NatsConnection;
let peer: RawPeer;
let uncaught: ReturnType<typeof watchUncaught>;
/** What JetStream itself said, as the peer overheard it. */
const overheard: string[] = [];
let answer: (request: RawMessage) => void = () => undefined;

beforeAll(async () => {
  uncaught = watchUncaught();
  playground = await startPlayground({
    ...{ calm: true, staging: false, hosts: 1, versions: ["1.9.2"], configBucket: true },
  });
  const target = latticeTargetSchema.parse({
    addresses: [playground.natsUrl],
    authentication: { method: "token" },
  });
  nats = await openNats(target, { token: playground.natsToken });
  peer = await RawPeer.connect(playground.nats.port, playground.natsToken);
  peer.subscribe("_INBOX.>", ({ payload }) => {
    const text = payload.toString("utf8");
    if (text.startsWith('{"type":"io.nats') && overheard.length < 50) overheard.push(text);
  });
  peer.subscribe("$JS.API.>", (request) => answer(request));
  await peer.flush();
});
afterAll(async () => {
  uncaught.end();
  peer.close();
  await nats.close();
  await playground.stop();
});

function subscriptions(connection = nats): number {
  const { protocol } = connection as unknown as { protocol: { subscriptions: { size(): number } } };
  return protocol.subscriptions.size();
}

const read = () => readConfigNames(nats, { lattice: "default", domain: undefined, timeoutMs });

test("whatever JetStream seems to say, the names of configs are read or a failure says why not, and nothing is left behind", async () => {
  const names = await readConfigNames(nats, { lattice: "default", domain: undefined, timeoutMs: 5_000 });
  expect(names.length).toBeGreaterThan(0);
  await peer.flush();
  expect(overheard.length).toBeGreaterThan(0);
  const samples = overheard.map((text) => JSON.parse(text) as unknown);
  const atRest = subscriptions();
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const upTo = numbersFrom(seed);
      answer = ({ reply }) => {
        for (let left = upTo(3); left > 0 && reply !== ""; left -= 1)
          peer.publish(reply, hostileContent(samples[upTo(samples.length)], upTo(2 ** 30)));
      };
      const ending = await read().catch((error: unknown) => error);
      if (ending instanceof Error) expect(ending).toBeInstanceOf(Failure);
      else structuredClone(ending);
      answer = () => undefined;
      expect(uncaught.errors).toEqual([]);
    }),
    hostileRuns(100, 3),
  );
  await expect.poll(() => subscriptions()).toBeLessThanOrEqual(atRest);
  expect(await readConfigNames(nats, { lattice: "default", domain: undefined, timeoutMs: 5_000 })).toEqual(
    names,
  );
});

test("a consumer of which nothing comes is left when the time is over", async () => {
  const server = await startNatsServer();
  const own = await openNats(latticeTargetSchema.parse({ addresses: [server.url] }), {});
  const silent = await RawPeer.connect(server.port, undefined);
  const ofType = (type: string): object => {
    const text = overheard.find((each) => each.includes(type));
    return { ...(JSON.parse(text ?? "{}") as object), num_pending: 5 };
  };
  silent.subscribe("$JS.API.>", ({ subject, reply }) => {
    const type = subject.includes("CONSUMER.CREATE") ? "consumer_create_response" : "stream_info_response";
    silent.publish(reply, { payload: Buffer.from(JSON.stringify(ofType(type))) });
  });
  await silent.flush();
  const bucket = { lattice: "default", domain: undefined, timeoutMs };
  await expect(readConfigNames(own, bucket)).rejects.toMatchObject({ code: "timeout" });
  const atRest = subscriptions(own);
  await expect(readConfigNames(own, bucket)).rejects.toMatchObject({ code: "timeout" });
  expect(subscriptions(own)).toBe(atRest);
  silent.close();
  await own.close();
  await server.stop();
});

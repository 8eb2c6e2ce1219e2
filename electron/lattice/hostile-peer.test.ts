import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { SimulatedHost } from "../../playground/lattice/lattice-host.ts";
import { type Playground, startPlayground } from "../../playground/playground.ts";
import { hostileRuns, memoryInUse, mostLeftInMemory, watchUncaught } from "../../recordings/fuzz.ts";
import { latticeTargetSchema } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { latticeRowSchema } from "../../shared/lattice/schema.ts";
import { numbersFrom } from "../../shared/testing/hostile-json.ts";
import { openNats } from "../connections/nats.ts";
import { type RawMessage, RawPeer } from "../connections/testing/raw-peer.ts";
import { ControlClient } from "./client/control-client.ts";
import { decodeEvent } from "./events/decode-event.ts";
import { type ConsoleSide, openConsoleSide } from "./testing/console-side.ts";
import { hostileContent } from "./testing/hostile-contents.ts";
import { recordedAnswers, recordedMessages } from "./testing/recorded.ts";
import { addressee } from "./testing/recorded-requests.ts";

/** How long one request waits; most hostile answers make it wait to the end. */
const waitMs = 25;
const callsEach = 16;

const events = recordedMessages.filter(({ kind }) => kind === "event");
/** A host of the recording, whom only the hostile peer plays here. */
const stranger = String(events[0]?.body.source);

let playground: Playground;
let host: SimulatedHost;
let side: ConsoleSide;
let client: ControlClient;
let peer: RawPeer;
let uncaught: ReturnType<typeof watchUncaught>;
/** How the peer answers a request at the moment; it answers none unless told to. */
let answer: (request: RawMessage) => void;

beforeAll(async () => {
  uncaught = watchUncaught();
  playground = await startPlayground({
    ...{ calm: true, staging: false, hosts: 1, versions: ["1.9.2"], heartbeatMilliseconds: 30_000 },
    nats: { websocket: false },
  });
  host = playground.hosts[0] as SimulatedHost;
  const target = latticeTargetSchema.parse({
    addresses: [playground.natsUrl],
    authentication: { method: "token" },
  });
  const nats = await openNats(target, { token: playground.natsToken });
  const timing = { heartbeatSeconds: 30, requestTimeoutMs: 100, auctionTimeoutMs: 100 };
  side = await openConsoleSide(playground.natsUrl, { nats, ...timing });
  await vi.waitFor(() => expect(side.session.host(host.id)?.inventoryAt).toBeDefined());
  client = new ControlClient(nats, { lattice: "default", timeoutMs: waitMs, auctionTimeoutMs: waitMs });
  peer = await RawPeer.connect(playground.nats.port, playground.natsToken);
  peer.subscribe("wasmbus.ctl.v1.default.>", (request) => {
    if (request.reply !== "") answer(request);
  });
  await peer.flush();
});
let inUse: number;
beforeEach(() => {
  answer = () => undefined;
  inUse = memoryInUse();
});
afterEach(() => {
  expect(memoryInUse() - inUse).toBeLessThan(mostLeftInMemory);
});
afterAll(async () => {
  uncaught.end();
  peer.close();
  await side.close();
  await playground.stop();
});

/** What the console shows of the honest host, without the times of its last signs of life. */
function witness(): unknown {
  const { session } = side;
  const row = session.host(host.id);
  const components = session.components().filter(({ hostId }) => hostId === host.id);
  const providers = session.providers().filter(({ hostId }) => hostId === host.id);
  const byId = (left: { id: string }, right: { id: string }) => (left.id < right.id ? -1 : 1);
  return {
    host: row && [row.friendlyName, row.version, row.labels, row.status, row.componentCount],
    components: components.sort(byId),
    providers: providers
      .sort(byId)
      .map(({ id, imageReference, annotations }) => [id, imageReference, annotations]),
  };
}

/** Everything that the peer published is with the console, and taken in. */
async function settled(): Promise<void> {
  await peer.flush();
  await side.nats.flush();
  await setImmediate();
  side.log.events.length = 0;
}

/** The subscriptions of the connection, of which each request under way has one. */
function subscriptions(): number {
  const { protocol } = side.nats as unknown as { protocol: { subscriptions: { size(): number } } };
  return protocol.subscriptions.size();
}

/** Neither the process nor the connection took harm, and the honest host is what it was. */
function unharmed(before: unknown): void {
  expect(uncaught.errors).toEqual([]);
  expect(side.errors).toEqual([]);
  expect(peer.complaints).toEqual([]);
  expect(witness()).toEqual(before);
}

test("whatever peers publish as events, the honest host's rows stay, and the malformed ones are counted", async () => {
  const before = witness();
  const row = side.session.row();
  let malformed = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...events), fc.nat(), async ({ subject, body }, seed) => {
      const content = hostileContent(body, seed);
      peer.publish(subject, content);
      if (decodeEvent(subject, content.payload, "wasmbus.evt").kind === "malformed") malformed += 1;
      await settled();
      unharmed(before);
    }),
    hostileRuns(400),
  );
  const after = latticeRowSchema.parse(side.session.row());
  expect(malformed).toBeGreaterThan(100);
  expect(after.malformedEvents - row.malformedEvents).toBe(malformed);
  expect(after.phase).toBe("live");
});

const calls: readonly ((hostId: string, name: string) => Promise<unknown>)[] = [
  () => client.getHosts(),
  (hostId) => client.getHostInventory(hostId),
  (hostId) => side.session.hostInventory(hostId),
  () => side.session.readLinks(),
  () => client.getLinks(),
  () => client.getClaims(),
  (_hostId, name) => client.getConfig(name),
  (_hostId, name) =>
    client.auctionComponent({ imageReference: "x:1", componentId: name, constraints: { zone: name } }),
  (_hostId, name) => client.auctionProvider({ imageReference: "x:1", providerId: name }),
  (_hostId, name) =>
    client.scaleComponent({
      ...{ hostId: stranger, componentId: name, imageReference: "x:1", maxInstances: 1, config: [] },
    }),
  (_hostId, name) =>
    client.updateComponent({ hostId: stranger, componentId: name, newImageReference: "x:2" }),
  (_hostId, name) => client.startProvider({ hostId: stranger, providerId: name, imageReference: "x:1" }),
  (_hostId, name) => client.stopProvider({ hostId: stranger, providerId: name }),
  () => client.stopHost({ hostId: stranger }),
  (_hostId, name) => client.putLabel({ hostId: stranger, key: name, value: "x" }),
  (_hostId, name) => client.deleteLabel({ hostId: stranger, key: name }),
  (_hostId, name) =>
    client.putLink({
      ...{ sourceId: name, target: "t", witNamespace: "wasi", witPackage: "http", interfaces: [] },
    }),
  (_hostId, name) => client.deleteLink({ sourceId: name, witNamespace: "wasi", witPackage: "http" }),
  (_hostId, name) => client.putConfig(name, { A: "1" }),
  (_hostId, name) => client.deleteConfig(name),
  () => client.putRegistries({ "r.example.test": { token: "t" } }, { collect: true }),
];

/** Some answers to one request, of which some are late: to the verb that was asked, and to others. */
function answerHostile(request: RawMessage, seed: number): void {
  const upTo = numbersFrom(seed);
  const { verb } = addressee(request.subject);
  const verbs = [...recordedAnswers.keys()];
  for (let left = upTo(4); left > 0; left -= 1) {
    const said =
      (upTo(5) > 0 && recordedAnswers.get(verb)) || recordedAnswers.get(verbs[upTo(verbs.length)] ?? "");
    const content = hostileContent(said?.[upTo(said.length)] ?? {}, upTo(2 ** 30));
    const isLate = upTo(6) === 0;
    if (isLate) setTimeout(() => peer.publish(request.reply, content), waitMs * 2);
    else peer.publish(request.reply, content);
  }
}

test("whatever comes back, a call ends with what was read or with a failure that says so, and leaves nothing behind", async () => {
  const before = witness();
  const atRest = subscriptions();
  let name = 0;
  const call = fc.record({ which: fc.nat(calls.length - 1), seed: fc.nat() });
  const batch = fc.array(call, { minLength: callsEach, maxLength: callsEach });
  await fc.assert(
    fc.asyncProperty(batch, async (wanted) => {
      let asked = 0;
      answer = (request) => answerHostile(request, (wanted[asked++ % callsEach]?.seed ?? 0) + asked);
      const endings = await Promise.allSettled(
        wanted.map(({ which, seed }) => {
          name += 1;
          return calls[which]?.(seed % 2 === 0 ? host.id : stranger, `hostile-${name}`);
        }),
      );
      for (const ending of endings)
        if (ending.status === "rejected") expect(ending.reason).toBeInstanceOf(Failure);
        else structuredClone(ending.value);
      answer = () => undefined;
      await settled();
      unharmed(before);
      expect(subscriptions()).toBeLessThanOrEqual(atRest + 17);
    }),
    hostileRuns(40, callsEach),
  );
  const { components } = await side.session.hostInventory(host.id);
  expect(components).toHaveLength((before as { components: unknown[] }).components.length);
  await expect.poll(subscriptions).toBeLessThanOrEqual(atRest);
});

import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "../../../playground/kit/free-port.ts";
import type { SimulatedHost } from "../../../playground/lattice/lattice-host.ts";
import { hostileRuns, watchUncaught } from "../../../recordings/fuzz.ts";
import type { OperationName } from "../../../shared/catalogue.ts";
import type { Activity } from "../../../shared/contract/index.ts";
import { numbersFrom } from "../../../shared/testing/hostile-json.ts";
import { type RawContent, type RawMessage, RawPeer } from "../../connections/testing/raw-peer.ts";
import { hostileContent } from "../../lattice/testing/hostile-contents.ts";
import { recordedAnswers, recordedMessages } from "../../lattice/testing/recorded.ts";
import { addressee } from "../../lattice/testing/recorded-requests.ts";
import { ConsoleUnderTest } from "../../testing/console-files.ts";

const events = recordedMessages.filter(({ kind }) => kind === "event");
const atOnce = 16;

let here: ConsoleUnderTest;
let host: SimulatedHost;
let peer: RawPeer;
let monitor: string;
let uncaught: ReturnType<typeof watchUncaught>;
/** What the peer answered to each verb since the run began. */
let said: { verb: string; content: RawContent }[] = [];
let seed = 0;

beforeAll(async () => {
  uncaught = watchUncaught();
  const port = await freePort();
  monitor = `http://127.0.0.1:${port}/connz?limit=100`;
  here = await ConsoleUnderTest.start({
    waits: { coldMs: 60, warmMs: 60, lookMs: 20, hostStopMs: 60 },
    target: { requestTimeoutMs: 100, auctionTimeoutMs: 100, heartbeatSeconds: 30 },
    playground: {
      ...{ hosts: 1, versions: ["1.9.2"], heartbeatMilliseconds: 30_000 },
      nats: { websocket: false, extraConfiguration: `http: "127.0.0.1:${port}"` },
    },
  });
  await here.follow();
  host = here.host("1.9.2");
  // The host answers questions, and carries no command out.
  for (const { verb } of commands) host.faults.add({ kind: "silent", on: verb });
  peer = await RawPeer.connect(here.playground.nats.port, here.playground.natsToken);
  peer.subscribe("wasmbus.ctl.v1.default.>", answer);
  await peer.flush();
});
afterAll(async () => {
  uncaught.end();
  peer.close();
  await here.close();
});

/** Answers a request once, more than once or not at all; a command more often than the reading before it. */
function answer({ subject, reply }: RawMessage): void {
  seed += 1;
  const upTo = numbersFrom(seed);
  const { verb } = addressee(subject);
  const recorded = recordedAnswers.get(verb) ?? [{}];
  const isReading = ["host.get", "host.ping", "link.get", "config.get"].includes(verb);
  for (let left = isReading ? upTo(5) - 2 : upTo(4); left > 0; left -= 1) {
    const content = hostileContent(recorded[upTo(recorded.length)], upTo(2 ** 30));
    said.push({ verb, content });
    peer.publish(reply, content);
  }
}

interface Command {
  verb: string;
  name: OperationName;
  input(id: string): object;
}

/** Each asks for something that no recording has. */
const commands: readonly Command[] = [
  {
    verb: "component.scale",
    name: "lattice.components.start",
    input: (componentId) => ({
      ...{
        hostId: host.id,
        componentId,
        imageReference: `example.test/${componentId}:1`,
        maxInstances: 4_711,
      },
      annotations: { asked: componentId },
    }),
  },
  {
    verb: "component.update",
    name: "lattice.components.update",
    input: (id) => ({ hostId: host.id, componentId: "orders-api", imageReference: `example.test/${id}:2` }),
  },
  {
    verb: "provider.start",
    name: "lattice.providers.start",
    input: (providerId) => ({ hostId: host.id, providerId, imageReference: `example.test/${providerId}:1` }),
  },
  {
    verb: "label.put",
    name: "lattice.labels.put",
    input: (id) => ({ hostId: host.id, key: id, value: id }),
  },
  {
    verb: "link.put",
    name: "lattice.links.put",
    input: (sourceId) => ({
      ...{ sourceId, target: "hostile-target", name: "default", witNamespace: "wasi", witPackage: "http" },
      ...{ interfaces: ["outgoing-handler"], sourceConfig: [], targetConfig: [] },
    }),
  },
  { verb: "config.put", name: "lattice.configs.put", input: (name) => ({ name, values: { asked: name } }) },
  { verb: "host.stop", name: "lattice.hosts.stop", input: () => ({ hostId: host.id }) },
];

/** Whether the peer sent what only a host that has done it sends, or what only a server without the host sends. */
function lied(verb: string): boolean {
  const isSuccess = ({ payload }: RawContent): boolean => {
    try {
      const { success, message } = JSON.parse(Buffer.from(payload).toString("utf8")) as Record<
        string,
        unknown
      >;
      return success === true && typeof message === "string";
    } catch {
      return false;
    }
  };
  const isNobody = ({ headers, payload }: RawContent): boolean =>
    payload.length === 0 && Buffer.from(headers ?? []).includes("503");
  return said.some(({ verb: own, content }) =>
    verb === "host.stop" ? isNobody(content) : own === verb && isSuccess(content),
  );
}

/** Commands that a host's reply alone confirms. */
const doneByReply = ["label.put", "config.put", "host.stop"];

async function carriedOut({ name, input }: Command, id: string): Promise<Activity | undefined> {
  const reply = await here.call(name, input(id));
  const activityId = reply.ok ? (reply.output as Activity).id : reply.failure.details?.activityId;
  if (activityId === undefined) return undefined;
  const waiting = ["recorded", "sent", "acknowledged"];
  await vi.waitFor(async () => {
    const { state, updatedAt } = await here.activity(String(activityId));
    expect(waiting).not.toContain(state);
    // An outcome may be read once more.
    expect(Date.now() - Date.parse(updatedAt)).toBeGreaterThan(80);
  });
  return here.activity(String(activityId));
}

async function witness(): Promise<unknown> {
  const ofHost = <Row extends { hostId: string; id: string }>(rows: readonly Row[]): Row[] =>
    rows.filter(({ hostId }) => hostId === host.id).sort((left, right) => (left.id < right.id ? -1 : 1));
  const row = (await here.output("lattice.hosts.list")).find(({ id }) => id === host.id);
  const providers = ofHost(await here.output("lattice.providers.list"));
  return {
    host: row && [
      row.friendlyName,
      row.version,
      row.labels,
      row.status,
      row.componentCount,
      row.providerCount,
    ],
    components: ofHost(await here.output("lattice.components.list")),
    providers: providers.map(({ id, imageReference, annotations }) => [id, imageReference, annotations]),
  };
}

/** Subscriptions of the console, as the server counts them. */
async function subscriptions(): Promise<number> {
  const { connections } = (await (await fetch(monitor)).json()) as {
    connections: { name?: string; subscriptions: number }[];
  };
  return connections.find(({ name }) => name === "switchyard")?.subscriptions ?? Number.NaN;
}

async function malformed(): Promise<number> {
  const rows = await here.output("lattice.lattices.list");
  return rows.find(({ lattice }) => lattice === "default")?.malformedEvents ?? Number.NaN;
}

test("whatever peers say, a command that no host carried out is not verified, and nothing else suffers", async () => {
  const before = await witness();
  const [atRest, counted] = [await subscriptions(), await malformed()];
  let number = 0;
  const commandOf = fc.array(fc.nat(), { minLength: atOnce, maxLength: atOnce });
  await fc.assert(
    fc.asyncProperty(commandOf, fc.nat(), async (which, from) => {
      said = [];
      seed = from;
      const asked = which.map((index) => {
        const command = commands[index % commands.length] as Command;
        number += 1;
        return carriedOut(command, `hostile-${number}`).then((activity) => ({ command, activity }));
      });
      for (const index of which.flatMap((each) => [each, each + 1, each + 2, each + 3])) {
        const { subject, body } = events[index % events.length] as (typeof events)[number];
        peer.publish(subject, hostileContent(body, index));
      }
      for (const { command, activity } of await Promise.all(asked)) {
        const isTold = doneByReply.includes(command.verb) && lied(command.verb);
        const allowed = isTold && (activity?.state === "confirmed" || command.verb === "host.stop");
        if (activity && ["confirmed", "verified"].includes(activity.state) && !allowed)
          throw new Error(JSON.stringify(activity));
      }
      expect(uncaught.errors).toEqual([]);
      expect(peer.complaints).toEqual([]);
      expect(await witness()).toEqual(before);
    }),
    // Each command has about two answers, beside four events.
    hostileRuns(4, atOnce * 6),
  );
  expect(await malformed()).toBeGreaterThan(counted + 5);
  await expect.poll(subscriptions).toBeLessThanOrEqual(atRest);
});

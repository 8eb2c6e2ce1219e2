import { createInbox } from "nats";
import type { Diagnosis, LatticeTarget } from "../../shared/connections/schema.ts";
import { Failure, parseBoundedJson } from "../../shared/contract/index.ts";
import type { StepResult } from "./diagnosis-steps.ts";
import type { NatsConnection } from "./nats.ts";

type Host = Diagnosis["hosts"][number];

const bucketsMs = 2_500;
const otherPingMs = 700;
const bucketPrefix = "KV_LATTICEDATA_";

function pingSubject(target: LatticeTarget, lattice: string): string {
  return `${target.topicPrefix}.v1.${lattice}.host.ping`;
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

interface Denial {
  operation: string;
  subject: string;
}

/** Collects the permission errors that the server reports while `work` runs; -ERR comes before the PONG of a flush. */
async function denialsDuring(nats: NatsConnection, work: () => void): Promise<Denial[]> {
  const denials: Denial[] = [];
  const statuses = nats.status();
  const watching = (async () => {
    for await (const { permissionContext } of statuses)
      if (permissionContext) denials.push(permissionContext);
  })();
  work();
  await nats.flush();
  // The status iterator hands its items over asynchronously.
  await sleep(20);
  (statuses as unknown as { stop(): void }).stop();
  await watching;
  return denials;
}

/** Checks that the user may follow events, send control requests and receive their replies. */
export async function checkPermissions(
  nats: NatsConnection,
  target: LatticeTarget,
): Promise<StepResult<undefined>> {
  const events = `${target.eventPrefix}.${target.lattice}.>`;
  const ping = pingSubject(target, target.lattice);
  const inbox = createInbox(target.inboxPrefix);
  const subscriptions = [events, inbox].map((subject) =>
    nats.subscribe(subject, { callback: () => undefined }),
  );
  const denials = await denialsDuring(nats, () => nats.publish(ping, undefined, { reply: inbox }));
  for (const subscription of subscriptions) if (!subscription.isClosed()) subscription.unsubscribe();
  if (denials.length === 0) {
    return { message: `May follow ${events} and send control requests.`, value: undefined };
  }
  const texts = denials.map(({ operation, subject }) =>
    operation === "publish" ? `publish to ${subject}` : `subscribe to ${subject}`,
  );
  const inboxDenied = denials.some(({ subject }) => subject === inbox);
  throw new Failure({
    code: "upstream_refused",
    message: `This user may not ${texts.join(", and may not ")}.`,
    details: { cause: "permission", denials },
    hint: inboxDenied
      ? "Allow the user to subscribe to _INBOX.>, or set the inbox prefix that the user may use."
      : "Have these subjects added to the user's permissions, or check lattice and prefixes.",
  });
}

const longestText = 200;
const mostHosts = 5_000;

/** One host out of a reply to ping (wasmcloud-control §2.1); undefined for anything else, such as a stream's acknowledgement. */
function readHost(data: Uint8Array): Host | undefined {
  try {
    const reply = parseBoundedJson(new TextDecoder().decode(data)) as {
      success?: unknown;
      response?: { id?: unknown; friendly_name?: unknown; version?: unknown };
    };
    const host = reply.response;
    if (typeof reply.success !== "boolean" || typeof host?.id !== "string") return undefined;
    return {
      id: host.id.slice(0, longestText),
      friendlyName: String(host.friendly_name ?? host.id).slice(0, longestText),
      version: String(host.version ?? "unknown").slice(0, longestText),
    };
  } catch {
    return undefined;
  }
}

/** Pings a lattice and gathers hosts for `windowMs`; an empty message (no responders) ends it at once (wasmcloud-control §1.7). */
async function pingHosts(
  nats: NatsConnection,
  target: LatticeTarget,
  ask: { lattice: string; windowMs: number },
) {
  const hosts = new Map<string, Host>();
  const inbox = createInbox(target.inboxPrefix);
  const subscription = nats.subscribe(inbox);
  const timer = setTimeout(() => subscription.unsubscribe(), ask.windowMs);
  nats.publish(pingSubject(target, ask.lattice), undefined, { reply: inbox });
  for await (const message of subscription) {
    if (message.data.length === 0) break;
    const host = readHost(message.data);
    if (host && hosts.size < mostHosts) hosts.set(host.id, host);
  }
  clearTimeout(timer);
  return [...hosts.values()];
}

/** Lattices whose events are seen within a short while; a quiet one shows only once per heartbeat (wasmcloud-control §5.10). */
async function latticesByEvents(
  nats: NatsConnection,
  target: LatticeTarget,
  listenMs: number,
): Promise<string[]> {
  const seen = new Set<string>();
  const position = target.eventPrefix.split(".").length;
  const subscription = nats.subscribe(`${target.eventPrefix}.*.>`, {
    callback: (error, message) => {
      const lattice = error ? undefined : message.subject.split(".")[position];
      if (lattice) seen.add(lattice);
    },
  });
  await sleep(listenMs);
  if (!subscription.isClosed()) subscription.unsubscribe();
  return [...seen];
}

/** Lattices that have a data bucket, also with all hosts down; empty where JetStream is absent or closed to this user. */
async function latticesByBuckets(nats: NatsConnection, target: LatticeTarget): Promise<string[]> {
  try {
    const manager = await nats.jetstreamManager({
      checkAPI: false,
      timeout: bucketsMs,
      ...(target.jetStreamDomain && { domain: target.jetStreamDomain }),
    });
    const names: string[] = [];
    for await (const name of manager.streams.names()) {
      if (name.startsWith(bucketPrefix)) names.push(name.slice(bucketPrefix.length));
    }
    return names;
  } catch {
    return [];
  }
}

/** What the last step found. */
export interface LatticeFindings {
  /** How long to look for the events of other lattices. */
  readonly listenMs: number;
  hosts: Host[];
  lattices: string[];
}

function wrongLattice(target: LatticeTarget, others: string[]): Failure {
  return new Failure({
    code: "not_found",
    message: `There are no hosts in lattice ${target.lattice}; seen on these servers: ${others.join(", ")}.`,
    details: { cause: "lattice", lattice: target.lattice, seen: others },
    hint: "Use one of these lattice names, or start hosts in this lattice.",
  });
}

/** Asks the lattice for its hosts; without any it looks for other lattices. Adds what it finds to `found`, also when it fails. */
export async function lookForHosts(
  nats: NatsConnection,
  target: LatticeTarget,
  found: LatticeFindings,
): Promise<StepResult<undefined>> {
  const { lattice } = target;
  found.hosts = await pingHosts(nats, target, { lattice, windowMs: target.requestTimeoutMs });
  if (found.hosts.length > 0) {
    found.lattices.push(lattice);
    const versions = [...new Set(found.hosts.map((host) => host.version))].join(", ");
    const count = found.hosts.length === 1 ? "1 host answers" : `${found.hosts.length} hosts answer`;
    return { message: `${count} in lattice ${lattice} (version ${versions}).`, value: undefined };
  }
  const [events, buckets] = await Promise.all([
    latticesByEvents(nats, target, found.listenMs),
    latticesByBuckets(nats, target),
  ]);
  found.lattices.push(...[...new Set([...events, ...buckets])].sort());
  const others = found.lattices.filter((name) => name !== lattice);
  if (found.lattices.includes(lattice)) {
    const message = `Lattice ${lattice} is known here, but none of its hosts answers.`;
    return { outcome: "warning", message, value: undefined };
  }
  const described = await Promise.all(others.map((name) => labelled(nats, target, name)));
  if (described.length > 0) throw wrongLattice(target, described);
  const message = "Connected, but no host responds, and no other lattice was seen.";
  return { outcome: "warning", message, value: undefined };
}

async function labelled(nats: NatsConnection, target: LatticeTarget, lattice: string): Promise<string> {
  const { length } = await pingHosts(nats, target, { lattice, windowMs: otherPingMs });
  return `${lattice} (${length === 0 ? "no hosts" : length === 1 ? "1 host" : `${length} hosts`})`;
}

import { expect, test } from "vitest";
import {
  type LatticeMessage,
  type LatticeVersion,
  latticeMessages,
  latticeVersions,
} from "../../../recordings/recordings.ts";
import { canonicalJson } from "../../../shared/contract/index.ts";
import { addressee, ownRequest } from "../testing/recorded-requests.ts";

type Request = Pick<Exclude<LatticeMessage, { kind: "reply" }>, "subject" | "body">;

function requestsTo(version: LatticeVersion) {
  return latticeMessages(version).flatMap((message) => (message.kind === "request" ? [message] : []));
}

/** A field of a request's body; undefined where it is missing or the body is no object. */
function field(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>)[name] : undefined;
}

function lacks(verb: string, ...names: string[]) {
  return ({ subject, body }: Request) =>
    addressee(subject).verb === verb && names.some((name) => field(body, name) === undefined);
}

/** Requests that were made to see how a host takes them, and that the console does not send. */
const probes: readonly [reason: string, is: (request: Request) => boolean][] = [
  ["a verb that no host knows", ({ subject }) => /\.(frobnicate|foo)(\.|$)/.test(subject)],
  ["a body that is no JSON object", ({ subject, body }) => isCommand(subject) && typeof body !== "object"],
  ["a list in the place of a map", ({ body }) => Array.isArray(body)],
  ["an auction without its required fields", lacks("component.auction", "component_id", "constraints")],
  ["an auction without its required fields", lacks("provider.auction", "provider_id", "constraints")],
  ["a label without its value, which hosts before 1.5.1 refuse", lacks("label.del", "value")],
  ["a label without its value", lacks("label.put", "value")],
  ["a link without the fields that the console always writes", lacks("link.put", "name", "interfaces")],
  ["a link's key without its name", lacks("link.del", "name")],
  ["a provider without its id", lacks("provider.start", "provider_id")],
  [
    "a provider by the old name of its id",
    ({ body }) => field(body, "provider_ref") !== undefined && isStop(body),
  ],
  ["a stop of another host than the subject's", isForAnother],
  [
    "a limit that is no number",
    ({ body }) => field(field(body, "component_limits"), "max_execution_time") === "x",
  ],
  ["a config that is no map of texts", ({ body }) => [field(body, "a"), field(body, "A")].includes(1)],
  ["a config's name that is no KV key", ({ subject }) => isOddName(subject)],
  ["a credential that is null, or without its type", ({ body }) => isOddCredential(body)],
];

function isCommand(subject: string): boolean {
  return /\.(put|update|stop|scale|start)(\.|$)|link\.del$/.test(subject);
}

function isForAnother({ subject, body }: Request): boolean {
  const hostId = field(body, "host_id");
  return addressee(subject).verb === "host.stop" && hostId !== undefined && hostId !== addressee(subject).id;
}

function isStop(body: unknown): boolean {
  return field(body, "config") === undefined && field(body, "host_id") !== undefined;
}

function isOddName(subject: string): boolean {
  const { verb, id } = addressee(subject);
  return verb.startsWith("config.") && !/^[\w/=-]+$/.test(id);
}

function isOddCredential(body: unknown): boolean {
  return field(field(body, "r.example"), "username") === null || field(body, "z.example") !== undefined;
}

/** Ids that run are operated by whatever name they have; whether the console lets one be typed is another matter. */
function hasOddId({ body }: Request): boolean {
  return /[./=]/.test(String(field(body, "provider_id") ?? field(body, "component_id") ?? ""));
}

test.each(latticeVersions)("the console sends what was sent to hosts of version %s", (version) => {
  const requests = requestsTo(version);
  const sendable = requests.filter((request) => !probes.some(([, is]) => is(request)) && !hasOddId(request));
  expect(sendable.length).toBeGreaterThan(requests.length / 2);
  for (const { at, subject, body } of sendable) {
    const own = ownRequest(subject, body);
    expect(own.subject, at).toBe(subject);
    expect(canonicalJson(own.payload ?? ""), at).toBe(canonicalJson(body));
  }
});

test.each(probes)("%s was tried", (_reason, is) => {
  const requests = latticeVersions.flatMap(requestsTo);
  expect(requests.some(is)).toBe(true);
});

import { expect } from "vitest";
import { type FluxCall, fluxCalls, fluxRecords } from "../../../recordings/recordings.ts";

export type Json = Record<string, unknown>;

export interface Request {
  method: string;
  params: [unknown];
}

export interface Exchange {
  request: Request;
  response: { result: unknown; error: string | null };
}

/** Of the real daemon only: the answers of its module's mock server are invented. */
export const exchanges: Exchange[] = fluxCalls()
  .filter(({ peer }: FluxCall) => peer.startsWith("fluxd"))
  .map(({ request, response }) => ({ request: JSON.parse(request), response: JSON.parse(response) }));

const events: Json[] = fluxRecords().flatMap((record) =>
  record.kind === "event" ? [JSON.parse(String(record.body)) as Json] : [],
);

/** The first recorded call that fits. */
export function find(
  method: string,
  fits: (exchange: Exchange, text: string) => boolean = () => true,
): Exchange {
  const found = exchanges.find(
    (each) => each.request.method === `RPCServer.${method}` && fits(each, JSON.stringify(each)),
  );
  if (!found) throw new Error(`no ${method} of that kind was recorded`);
  return found;
}

/** The first that has these words in its answer. */
export const answered = (method: string, words: string): Exchange =>
  find(method, ({ response }) => JSON.stringify(response).includes(words));

/** Without what is different each time: revisions, jobs, times, digests, temporary folders, and the number of the call. */
export function comparable(value: unknown): unknown {
  const text = JSON.stringify(value, (key, member) => (key === "id" ? 0 : member));
  return JSON.parse(
    text
      .replace(/\b[0-9a-f]{40}\b/g, "REVISION")
      .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "JOB")
      .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
      .replace(/(commit was|HEAD is) [0-9a-f]{8}\b/g, "$1 SHORT")
      .replace(/\b[0-9a-f]{7}\.\.[0-9a-f]{7}\b/g, "RANGE")
      // From the beginning of a path alone: else the base64 of an export is searched from each of its letters.
      .replace(/(?<![\w/])[\w/]*\/flux-gitclone\d+/g, "CLONE")
      .replace(/sha256:[0-9a-f]{64}\b/g, "DIGEST"),
  );
}

/** Names and types, of a list those of its members together. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((each) => JSON.stringify(shapeOf(each))))].sort();
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([key, member]) => [key, shapeOf(member)]),
  );
}

/** The rows of a list, in an order. */
export function byId(answer: unknown): Json[] {
  const { Result } = (answer as { result: { Result: Json[] } }).result;
  return [...Result].sort((left, right) => (String(left.ID) < String(right.ID) ? -1 : 1));
}

/** Recorded calls whose answers a daemon gives word for word, when it is in the state of the recorded one. */
export const sameCalls = {
  "the version": find("Version"),
  "a ping": find("Ping"),
  "workloads of an unknown namespace": find("ListServices", ({ request }) => request.params[0] === "nothere"),
  "images of an unknown namespace": find("ListImagesWithOptions", (_, text) =>
    text.includes('"Namespace":"nothere"'),
  ),
  "images of an unknown workload": find("ListImagesWithOptions", (_, text) =>
    text.includes("deployment/nothere"),
  ),
  "workloads while a manifest cannot be parsed": answered("ListServices", "Unable to parse files"),
  "a sync of all": find("SyncStatus", ({ response }) => JSON.stringify(response).includes('"Result":[]')),
  "a sync of an unknown ref": answered("SyncStatus", "bad revision"),
  "a sync before the first clone": answered("SyncStatus", "has not been cloned yet"),
  "a sync without a repository": answered("SyncStatus", "does not have valid config"),
  "a sync of a repository that cannot be reached": answered("SyncStatus", "none.git"),
  "a branch that does not exist": answered("SyncStatus", "branch 'main' does not exist"),
  "a notice of a commit": find("NotifyChange"),
  "a notice of an image": find("NotifyChange", (_, text) => text.includes('"Kind":"image"')),
  "an export without an allow-list": answered("Export", "may not be empty"),
  "a dry run": find(
    "UpdateManifests",
    (_, text) => text.includes('"plan"') && text.includes('"ApplicationError":null'),
  ),
  "a dry run with an unknown image": answered("UpdateManifests", "does not exist"),
  "a dry run of a read-only daemon": answered("UpdateManifests", "read-only"),
  "a dry run without a repository": answered("UpdateManifests", "valid config"),
  "a dry run while the repository cannot be reached": answered("UpdateManifests", "none.git"),
  "a dry run on an unsigned head": answered("UpdateManifests", "is unsigned"),
  "an unknown job": answered("JobStatus", "unknown job"),
  "a job before the first clone": answered("JobStatus", "not a git repository"),
};

/** What was asked for by the job whose end was recorded. */
export function specOf({ response }: Exchange): unknown {
  return (response.result as { Result: { Result: { spec: unknown } } }).Result.Result.spec;
}

const cart = (tag: string, more: Json = {}) => ({
  type: "image",
  cause: { Message: "", User: "" },
  spec: {
    ServiceSpecs: ["shop:deployment/cart"],
    ImageSpec: `127.0.0.1:5055/shop/cart:${tag}`,
    Kind: "execute",
    Excludes: null,
    Force: false,
    ...more,
  },
});
const chosen = (container: string, current: string, target: string) => ({
  type: "containers",
  cause: { Message: "", User: "" },
  spec: {
    Kind: "execute",
    ContainerSpecs: {
      "shop:deployment/cart": [
        {
          Container: container,
          Current: `127.0.0.1:5055/shop/cart:${current}`,
          Target: `127.0.0.1:5055/shop/cart:${target}`,
        },
      ],
    },
    SkipMismatches: false,
    Force: false,
  },
});
const sync = { type: "sync", cause: { Message: "", User: "" }, spec: {} };
export const released = answered("JobStatus", "zoe@example.com");
export const poisoned = find(
  "JobStatus",
  (_, text) => text.includes('\\"Current\\":\\"\\"') || text.includes('"Current":""'),
);
const unscannedPlan = answered("JobStatus", '"Kind":"plan"');
export const policies = answered("JobStatus", "für „alle“");
const locked = answered("JobStatus", "Frost");
const badPattern = answered("JobStatus", "1.x.y.z");
const foreignAuthor = answered("JobStatus", "matches no existing author");

/** Without `Current`, as it was sent. */
export function withoutCurrent(spec: unknown): unknown {
  return JSON.parse(JSON.stringify(spec).replaceAll('"Current":"",', ""));
}

interface JobEnd {
  recorded: Exchange;
  spec: unknown;
}

/** Changes whose jobs end in the same words, and what was asked for. */
export const jobEnds = {
  "a release": { recorded: released, spec: specOf(released) },
  "a dry run before the first scan": { recorded: unscannedPlan, spec: specOf(unscannedPlan) },
  "a release without a precondition": { recorded: poisoned, spec: withoutCurrent(specOf(poisoned)) },
  policies: { recorded: policies, spec: specOf(policies) },
  "a lock": { recorded: locked, spec: specOf(locked) },
  "an invalid pattern": { recorded: badPattern, spec: specOf(badPattern) },
  "an author that nobody is": { recorded: foreignAuthor, spec: specOf(foreignAuthor) },
  "nothing to change": { recorded: answered("JobStatus", "no changes made in repo"), spec: cart("2.4.1") },
  "an image that does not exist": { recorded: answered("JobStatus", "cart:9.9"), spec: cart("9.9") },
  "a mismatch": {
    recorded: answered("JobStatus", "cannot satisfy specs"),
    spec: chosen("web", "1.1", "2.5.0"),
  },
  "chosen containers that are so already": {
    recorded: answered("JobStatus", "no changes found"),
    spec: chosen("web", "2.4.1", "2.4.1"),
  },
  "a sync": {
    recorded: find("JobStatus", (_, text) =>
      /"Result":\{"Result":\{"revision":"[0-9a-f]+"\},"Err":""/.test(text),
    ),
    spec: sync,
  },
  "a sync on an unsigned head": { recorded: answered("JobStatus", "unable to sync to it"), spec: sync },
  "a release on an unsigned head": {
    recorded: answered("JobStatus", "HEAD revision is unsigned"),
    spec: cart("2.5.0"),
  },
  "a release of a read-only daemon": {
    recorded: answered("JobStatus", "read-only git repo"),
    spec: cart("2.5.0"),
  },
  "a push that is rejected": {
    recorded: answered("JobStatus", "failed to push some refs"),
    spec: cart("2.5.0"),
  },
};

/** An event with its workloads sorted: the real ones come in no order. */
export function sortedEvent(event: Json | undefined): unknown {
  return comparable({ ...event, serviceIDs: [...((event?.serviceIDs ?? []) as string[])].sort() });
}

/** What answers calls: a simulated daemon, or a real one. */
export interface Answering {
  call(request: Request): Promise<Json>;
}

/** Asks what was asked when the recording was made; fails unless it is answered in the same words. */
export async function expectAnswered(daemon: Answering, { request, response }: Exchange): Promise<Exchange> {
  const answer = await daemon.call(request);
  expect(comparable(answer)).toEqual(comparable({ id: 0, ...response }));
  return { request, response: answer as unknown as Exchange["response"] };
}

/** Sends a change; fails unless `JobStatus` says of its end what was recorded. */
export async function expectEnded(daemon: Answering, change: JobEnd): Promise<Exchange> {
  const { request, response } = change.recorded;
  const end = await endOfJob(daemon, change.spec);
  expect(comparable(end)).toEqual(comparable({ id: 0, ...response }));
  return { request, response: end as unknown as Exchange["response"] };
}

/** Sends a change, and answers with what `JobStatus` says of it at the end. */
export async function endOfJob(daemon: Answering, spec: unknown): Promise<Json> {
  const { result } = await daemon.call({ method: "RPCServer.UpdateManifests", params: [spec] });
  const id = (result as Json | null)?.Result;
  for (;;) {
    const status = await daemon.call({ method: "RPCServer.JobStatus", params: [id] });
    const { StatusString } = (status.result as { Result: { StatusString: string } }).Result;
    if (StatusString !== "queued" && StatusString !== "running") return status;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The first event of a type that has these words in it. */
export const postedEvent = (type: string, words: string): Json | undefined =>
  events.find((event) => event.type === type && JSON.stringify(event).includes(words));

/** Two calls of one kind that were answered alike have the same. */
export function key({ request, response }: Exchange): string {
  return JSON.stringify(comparable([request.method, response]));
}

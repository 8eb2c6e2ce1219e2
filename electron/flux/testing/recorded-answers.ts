import { expect } from "vitest";
import type { Exchange, Request } from "../../../playground/flux/testing/recorded-calls.ts";
import { type FluxCall, fluxCalls } from "../../../recordings/recordings.ts";
import { canonicalJson } from "../../../shared/contract/index.ts";
import { DaemonClient, type ImagesQuery } from "../client/daemon-client.ts";
import { decodeFluxEvent } from "../client/decode-event.ts";
import { RpcConnection } from "../client/rpc-connection.ts";
import { DaemonApplicationError, daemonFailure, ServerError } from "../client/rpc-errors.ts";
import type { Change, UpdateSpec } from "../client/update-spec.ts";

/** A call as it goes over the wire. */
export type SentRequest = Request & { id: number };

/** A recorded call, and which program answered it. */
export type RecordedExchange = Exchange & { peer: string };

/** Every recorded call, also those of the module's mock server. */
export const exchanges: RecordedExchange[] = fluxCalls().map(({ request, response, peer }: FluxCall) => ({
  request: JSON.parse(request),
  response: JSON.parse(response),
  peer,
}));

/** A daemon that gives one recorded answer, cut at any place, and keeps what it was asked. */
export function replay({ response }: Pick<Exchange, "response">) {
  const asked: SentRequest[] = [];
  const closed: string[] = [];
  const rpc: RpcConnection = new RpcConnection(
    {
      send: (bytes) => {
        const request = JSON.parse(bytes.toString()) as SentRequest;
        asked.push(request);
        const line = Buffer.from(`${JSON.stringify({ ...response, id: request.id })}\n`);
        const cut = Math.floor(line.length / 3);
        queueMicrotask(() => {
          rpc.receive(line.subarray(0, cut));
          rpc.receive(line.subarray(cut));
        });
      },
      close: (reason) => closed.push(reason),
    },
    64 * 1024 * 1024,
  );
  return { client: new DaemonClient(rpc, 11), asked, closed };
}

/** Makes the recorded call by our client. */
export function repeat(client: DaemonClient, { method, params: [argument] }: Request): Promise<unknown> {
  const calls = new Map<string, () => Promise<unknown>>([
    ["Ping", () => client.ping()],
    ["Version", () => client.daemonVersion()],
    ["Export", () => client.export()],
    ["ListServices", () => client.listServices(argument as string)],
    ["ListImagesWithOptions", () => client.listImagesWithOptions(imagesQuery(argument))],
    ["UpdateManifests", () => client.updateManifests(argument as UpdateSpec)],
    ["NotifyChange", () => client.notifyChange(argument as Change)],
    ["JobStatus", () => client.jobStatus(argument as string)],
    ["SyncStatus", () => client.syncStatus(argument as string)],
    ["GitRepoConfig", () => client.gitRepoConfig(argument as boolean)],
  ]);
  const call = calls.get(method.replace("RPCServer.", ""));
  if (!call) throw new Error(`our client has no ${method}`);
  return call();
}

function imagesQuery(argument: unknown): ImagesQuery {
  const options = argument as { Spec: string; OverrideContainerFields: string[] | null; Namespace: string };
  return { spec: options.Spec, namespace: options.Namespace, fields: options.OverrideContainerFields };
}

/** Fails unless our client sends this request as it was sent, and understands the answer. */
export async function expectUnderstood(exchange: Exchange): Promise<void> {
  const { client, asked, closed } = replay(exchange);
  const outcome = await repeat(client, exchange.request).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const [sent] = asked;
  expect(canonicalJson({ ...sent, id: 0 })).toBe(canonicalJson({ ...exchange.request, id: 0 }));
  expect(closed).toEqual([]);
  const { result, error } = exchange.response;
  const applicationError = (result as { ApplicationError?: unknown } | null)?.ApplicationError;
  if (error !== null) expect((outcome as { error: unknown }).error).toBeInstanceOf(ServerError);
  else if (applicationError)
    expect((outcome as { error: unknown }).error).toBeInstanceOf(DaemonApplicationError);
  else expect(outcome).toHaveProperty("value");
  if ("error" in outcome) {
    const failure = daemonFailure(outcome.error, "shop").toData();
    expect(failure.message).not.toMatch(/\.\.$|full output/);
    expect(["upstream_refused", "timeout", "not_found"]).toContain(failure.code);
  }
}

/** Fails unless a posted event is read whole. */
export function expectEventRead(body: string): void {
  const sent = JSON.parse(body) as {
    type: string;
    serviceIDs: string[];
    metadata: Record<string, unknown>;
  };
  const decoded = decodeFluxEvent(body);
  expect(decoded).toMatchObject({ type: sent.type, workloads: sent.serviceIDs });
  expect(decoded.summary).not.toContain("cannot be read");
  expect(Date.parse(decoded.startedAt ?? "")).toBeGreaterThan(0);
  const { commits, revision, Revision, result, errors = [] } = sent.metadata as Record<string, never>;
  const told = commits
    ? (commits as { revision: string }[]).map((commit) => commit.revision)
    : [revision ?? Revision];
  expect(decoded.revisions).toEqual(told);
  expect(decoded.results).toHaveLength(Object.keys(result ?? {}).length);
  expect(decoded.errors).toHaveLength((errors as unknown[]).length);
}

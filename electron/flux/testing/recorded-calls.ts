import { type FluxCall, fluxCalls } from "../../../recordings/recordings.ts";
import type { DaemonClient, ImagesQuery } from "../daemon-client.ts";
import type { Change, UpdateSpec } from "../update-spec.ts";

export interface Request {
  method: string;
  params: [unknown];
  id: number;
}

export interface Exchange {
  request: Request;
  response: { result: unknown; error: string | null };
  peer: string;
}

export const exchanges: Exchange[] = fluxCalls().map(({ request, response, peer }: FluxCall) => ({
  request: JSON.parse(request),
  response: JSON.parse(response),
  peer,
}));

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

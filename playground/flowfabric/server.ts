import { createServer } from "node:http";
import { closeAtOnce, listen } from "../kit/http.ts";
import { Application } from "./application.ts";
import { globalKeystore, type Keystores, memoryKeystores } from "./keystore.ts";
import { Metrics } from "./metrics.ts";
import { RotationRoute } from "./rotation.ts";
import { type Backend, ServerState } from "./state.ts";

/** How the simulated server is set up; without anything it is a Valkey-backed server without a token. */
export interface FlowfabricServerOptions {
  port?: number | undefined;
  backend?: Backend;
  token?: string | undefined;
  /** Compiled with the feature of that name: `/metrics` exists, and unknown paths are open. */
  observability?: boolean;
  partitions?: number;
  graceMilliseconds?: number;
  rotateDeadlineMilliseconds?: number;
  /** After which the server gives up a call to its store. */
  callTimeoutMilliseconds?: number;
  now?: () => number;
  /** Where the keys are, when not in memory. */
  keystores?: Keystores;
}

export interface FlowfabricServer {
  readonly url: string;
  readonly state: ServerState;
  readonly rotation: RotationRoute;
  readonly keystores: Keystores;
  /** Requests served so far, newest last, without bodies. */
  readonly requests: { method: string; path: string; status: number }[];
  stop(): Promise<void>;
}

const firstSecret = "5a".repeat(32);

/** Starts a simulated ff-server on loopback. */
export async function startFlowfabricServer(
  options: FlowfabricServerOptions = {},
): Promise<FlowfabricServer> {
  const now = options.now ?? Date.now;
  const backend = options.backend ?? "valkey";
  const partitions = options.partitions ?? 256;
  const graceMilliseconds = options.graceMilliseconds ?? 86_400_000;
  const keystores =
    options.keystores ??
    (backend === "valkey"
      ? memoryKeystores(partitions, { kid: "k1", secretHex: firstSecret, graceMilliseconds }, now)
      : globalKeystore());
  const state = new ServerState(backend, partitions, now);
  state.store.callTimeoutMilliseconds = options.callTimeoutMilliseconds ?? 5_000;
  const rotation = new RotationRoute({
    keystores,
    store: state.store,
    backend,
    graceMilliseconds,
    deadlineMilliseconds: options.rotateDeadlineMilliseconds ?? 120_000,
    partitions,
  });
  const application = new Application(options, { state, rotation, keystores, metrics: new Metrics(now) });
  const server = createServer((request, response) => void application.serve(request, response));
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    state,
    rotation,
    keystores,
    requests: application.requests,
    stop: () => closeAtOnce(server),
  };
}

import { lookup } from "node:dns/promises";
import type { ForgeTarget } from "../../shared/connections/forge-target.ts";
import type { Diagnosis, Secrets } from "../../shared/connections/schema.ts";
import { asFailure, Failure } from "../../shared/contract/index.ts";
import { levelText } from "../../shared/forge/level.ts";
import type { ServerLevel } from "../../shared/forge/schema.ts";
import { StepRecorder } from "../connections/diagnosis-steps.ts";
import type { SystemModule } from "../connections/system-module.ts";
import type { HttpClient } from "../upstream/http-client.ts";
import { isLoopback } from "../upstream/loopback.ts";
import { networkFailure } from "../upstream/network-cause.ts";
import { roundTripOf } from "../upstream/round-trip.ts";
import { ForgeClient } from "./client/client.ts";
import { forgeHttp } from "./client/http.ts";
import { goodText } from "./client/reply.ts";
import { ForgeSession, type SessionParts } from "./session/session.ts";

export type ForgeSystem = SystemModule<"forge", ForgeSession>;

/** forge-jobs servers as the connections see them. */
export function forgeSystem(parts: SessionParts): ForgeSystem {
  return {
    system: "forge",
    diagnose,
    connect: async (profile, secrets, scope) => {
      const http = forgeHttp(profile.target, secrets);
      scope.onEnd(() => http.close());
      const level = await probeLevel(http);
      return new ForgeSession({ profile, client: new ForgeClient(http), level, scope }, parts);
    },
  };
}

async function diagnose({ target, secrets }: { target: ForgeTarget; secrets: Secrets }): Promise<Diagnosis> {
  const recorder = new StepRecorder((error) => asFailure(error));
  const found: Pick<Diagnosis, "server" | "roundTripMs"> = {};
  let http: HttpClient | undefined;
  try {
    await recorder.run("resolve", () => resolve(target));
    await recorder.run("connect", async () => {
      const opened = forgeHttp(target, secrets);
      http = opened;
      found.roundTripMs = await roundTripOf(() => opened.read({ method: "GET", path: "/health" }));
      return {
        message: `${http.address} answers over ${http.isTls ? "TLS" : "plain HTTP"}.`,
        value: undefined,
      };
    });
    await recorder.run("request", () => ask(http as HttpClient, target));
    await recorder.run("system", async () => {
      const { level, queues } = await identify(http as HttpClient);
      found.server = { name: "forge-jobs", version: levelText(level) };
      const message = `forge-jobs ${levelText(level)} with ${queues} ${queues === 1 ? "queue" : "queues"}.`;
      return { message, value: undefined };
    });
  } finally {
    http?.close();
  }
  const { failure, steps } = recorder;
  const warning = steps.find(({ outcome }) => outcome === "warning");
  const summary = failure?.message ?? [steps.at(-1)?.message, warning?.message].filter(Boolean).join(" ");
  return { ok: !failure, summary, failure: failure?.toData(), steps, ...found, hosts: [], lattices: [] };
}

async function resolve({ url }: ForgeTarget) {
  const { hostname } = new URL(url);
  const name = hostname.replace(/^\[|\]$/g, "");
  try {
    const { address } = await lookup(name);
    return { message: `${hostname} is ${address}.`, value: undefined };
  } catch (error) {
    throw networkFailure(error, { address: url, details: { delivered: false } });
  }
}

async function ask(http: HttpClient, target: ForgeTarget) {
  await new ForgeClient(http).health();
  const isOpen = target.authentication.method === "none" && !isLoopback(new URL(target.url).hostname);
  return {
    outcome: isOpen ? ("warning" as const) : ("passed" as const),
    message: isOpen
      ? "This server has no authentication: whoever reaches this address can change every queue."
      : "The server is healthy.",
    value: undefined,
  };
}

async function identify(http: HttpClient) {
  const client = new ForgeClient(http);
  const level = await probeLevel(http);
  await client.storage();
  return { level, queues: (await client.overview()).length };
}

/** Tells a server's version from the routes that it has (forge-jobs §2). Throws the Failure of a probe that says nothing. */
export async function probeLevel(http: HttpClient): Promise<ServerLevel> {
  if (!(await hasRoute(http, "/queue/processes?queue_name="))) return "0.1";
  if (!(await hasRoute(http, "/cron/x/dedupe"))) return "0.2.0";
  return (await hasRoute(http, "/queue/workers")) ? "0.3" : "0.2.1";
}

/** A known path with another method is 405, an unknown path 404 without content (forge-jobs §3). */
async function hasRoute(http: HttpClient, path: string): Promise<boolean> {
  const reply = await http.read({ method: "GET", path });
  if (reply.status === 405) return true;
  if (reply.status === 404 && reply.text === "") return false;
  goodText(reply, path);
  if (reply.contentType === "application/json") return true;
  throw new Failure({
    code: "upstream_invalid",
    message: `${http.address} is not a jobs server: ${path} answered with ${reply.contentType || "no content"}.`,
    hint: "Check the address, and the path under which the server is mounted.",
  });
}

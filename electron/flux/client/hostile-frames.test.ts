import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { SimulatedDaemon } from "../../../playground/flux/daemon.ts";
import type { Request } from "../../../playground/flux/testing/recorded-calls.ts";
import { workload } from "../../../playground/flux/workload.ts";
import { hostileRuns } from "../../../recordings/fuzz.ts";
import { fluxDaemonRowSchema } from "../../../shared/flux/schema.ts";
import type { CommandParts } from "../commands/command-parts.ts";
import { releaseHandlers } from "../commands/release-handlers.ts";
import type { FluxDaemon } from "../session/flux-daemon.ts";
import { attackedLimits, attacks } from "../testing/attacks.ts";
import { type ConsoleSide, holder, openConsoleSide, token } from "../testing/console-side.ts";
import { HostilePeer } from "../testing/hostile-peer.ts";
import { exchanges, repeat } from "../testing/recorded-answers.ts";
import type { RpcConnection } from "./rpc-connection.ts";
import {
  AnswerTooLarge,
  CallTimeout,
  DaemonApplicationError,
  FatalError,
  ServerError,
} from "./rpc-errors.ts";

let here: ConsoleSide;
let witness: SimulatedDaemon;
let peer: HostilePeer;

afterEach(async () => {
  peer.end();
  witness.stop();
  await here.close();
});

const shop = () => here.session.daemon("shop");
const infra = () => here.session.daemon("infra");

/** A daemon that is attacked by nobody, and one that attacks. */
async function begin(): Promise<void> {
  const daemons = [holder("shop"), holder("infra", "other")];
  here = await openConsoleSide({ daemons, limits: attackedLimits });
  const workloads = [workload("infra:daemonset/agent", { agent: "agent:1" })];
  witness = new SimulatedDaemon({ name: "infra", connect: here.url, token: "other", workloads });
  witness.start();
  await infra().arrival(new AbortController().signal);
  await infra().readFacts();
  peer = new HostilePeer(here.url, token);
  peer.isWaited = () => pendingCalls() > 0;
}

function rpcOf(daemon: FluxDaemon): RpcConnection | undefined {
  return daemon.isConnected ? (Reflect.get(daemon.client, "rpc") as RpcConnection) : undefined;
}

/** Calls of the attacked daemon that have no answer yet. */
function pendingCalls(): number {
  return rpcOf(shop())?.pendingCalls ?? 0;
}

/** Its connection, once it answers over it and the first reading has ended: an attack may cost it the one that it had. */
async function quietConnection(): Promise<RpcConnection> {
  for (;;) {
    await setImmediate();
    await shop().arrival(AbortSignal.timeout(10_000));
    await shop().readFacts();
    const rpc = rpcOf(shop());
    const end = await rpc?.call("Ping", {}, 3_000).catch((error: unknown) => error);
    if (rpc && end instanceof ServerError) return rpc;
    // A frame that claims more than there is takes all that follows for its own.
    if (end instanceof CallTimeout) peer.break();
  }
}

/** What there is to feel of an attack on another daemon; facts are read again now and then. */
function felt(daemon: FluxDaemon) {
  const { status, statusSince, registrations, malformedAnswers, version, workloads, lastError, warnings } =
    daemon.row();
  return { status, statusSince, registrations, malformedAnswers, version, workloads, lastError, warnings };
}

const kinds = fc.constantFrom(...Object.keys(attacks));
const attackOf = (kind: string) => attacks[kind] ?? (() => () => undefined);
const knownEnds = [ServerError, DaemonApplicationError, AnswerTooLarge, CallTimeout, FatalError];

test("whatever comes over the socket, a call ends, and no other daemon feels it", async () => {
  await begin();
  const untouched = felt(infra());
  const ends = new Map<string, number>();
  const count = (end: string) => ends.set(end, (ends.get(end) ?? 0) + 1);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...exchanges), kinds, fc.nat(), async (exchange, kind, seed) => {
      const rpc = await quietConnection();
      peer.attack(exchange.request.method.replace("RPCServer.", ""), attackOf(kind)(exchange.response, seed));
      const end = await repeat(shop().client, exchange.request).then(
        (value) => structuredClone(value),
        (error: unknown) => error,
      );
      if (end instanceof Error) expect(knownEnds).toContain(end.constructor);
      count(end instanceof FatalError ? end.kind : end instanceof Error ? end.name : "answered");
      expect(rpc.pendingCalls).toBe(0);
      expect(() => fluxDaemonRowSchema.parse(shop().row())).not.toThrow();
      expect(felt(infra())).toEqual(untouched);
    }),
    hostileRuns(400),
  );
  for (const end of ["answered", "garbage", "AnswerTooLarge", "lost", "ServerError"])
    expect(ends.get(end), end).toBeGreaterThan(10);
  await vi.waitFor(() =>
    expect(shop().row().malformedAnswers).toBeGreaterThanOrEqual(ends.get("garbage") ?? 1),
  );
  expect(here.session.describe().sockets).toBeLessThanOrEqual(10);
  expect((await quietConnection()).pendingCalls).toBe(0);
  expect(here.errors).toEqual([]);
});

const checkout = "shop:deployment/checkout";
const image = "registry.example.com/shop/checkout";
const revision = "9f1c2d3e4b5a69788796a5b4c3d2e1f00f1e2d3c";
const update = { Container: "web", Current: `${image}:2.4.1`, Target: `${image}:2.5.0` };

function running(tag: string): unknown {
  return [
    {
      ...{ ID: checkout, Status: "ready", ReadOnly: "", Policies: {}, Labels: null },
      Containers: [{ Name: "web", Current: { ID: `${image}:${tag}` }, LatestFiltered: { ID: "" } }],
      Rollout: { Desired: 1, Updated: 1, Ready: 1, Available: 1, Outdated: 0, Messages: null },
    },
  ];
}

/** Of a daemon that calls a release done, committed and applied, while what runs is what ran before. */
const truth: Record<string, unknown> = {
  ListServices: running("2.4.1"),
  UpdateManifests: "5be0c1d2-93a4-77f1-0b1e-6c5d4e3f2a10",
  JobStatus: {
    ...{ Err: "", StatusString: "succeeded" },
    Result: { revision, result: { [checkout]: { Status: "success", PerContainer: [update] } } },
  },
  SyncStatus: [],
};

function truthOf({ method }: Pick<Request, "method">): unknown {
  const result = truth[method.replace("RPCServer.", "")];
  return result === undefined ? undefined : { Result: result, ApplicationError: null };
}

const input = {
  ...{ connectionId: "flux", daemonId: "shop", user: "", message: "" },
  release: {
    ...{ kind: "image" as const, workloads: [checkout], image: `${image}:2.5.0` },
    ...{ excludes: [], force: false },
  },
};

test("whatever comes over the socket, nothing is verified that is not so", async () => {
  await begin();
  await quietConnection();
  peer.answer = truthOf;
  const parts: CommandParts = {
    session: shop,
    listener: () => here.session,
    door: () => ({ get: shop, follow: () => () => undefined }),
    known: () => undefined,
    waits: { jobMs: 1, syncMs: 1, askedMs: 1 },
    now: Date.now,
  };
  const release = releaseHandlers(parts)["flux.release"];
  const context = { transport: "ipc", actor: "test", scope: "change" } as const;
  const done = await release(input, context);
  await done.send();
  truth.ListServices = running("2.5.0");
  expect(await done.verify?.()).toMatchObject({ verdict: "verified" });
  truth.ListServices = running("2.4.1");
  const verdicts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(truth)), kinds, fc.nat(), async (method, kind, seed) => {
      const rpc = await quietConnection();
      // Its connection may have been at its end already.
      const execution = await release(input, context).catch(() => undefined);
      if (!execution) return;
      const attack = attackOf(kind)({ result: truthOf({ method }), error: null }, seed);
      if (method === "UpdateManifests") peer.attack(method, attack);
      const answer = await execution.send().catch(() => undefined);
      // Only its own word refuses.
      if (answer?.accepted === false) expect(answer.message).not.toBe("");
      await quietConnection();
      if (method !== "UpdateManifests") peer.attack(method, attack);
      const verdict = await execution.verify?.().catch(() => undefined);
      verdicts.set(String(verdict?.verdict), (verdicts.get(String(verdict?.verdict)) ?? 0) + 1);
      expect(verdict?.verdict).not.toBe("verified");
      expect(rpc.pendingCalls).toBe(0);
    }),
    hostileRuns(100),
  );
  expect(verdicts.get("unknown")).toBeGreaterThan(20);
  expect(here.errors).toEqual([]);
});

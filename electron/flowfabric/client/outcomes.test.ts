import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  end,
  lease,
  orphan,
  type SimulatedExecution,
  suspend,
} from "../../../playground/flowfabric/execution.ts";
import { flowfabricTargetSchema } from "../../../shared/connections/flowfabric-target.ts";
import type { CommandExecution } from "../../../shared/contract/index.ts";
import { Scope } from "../../connections/scope.ts";
import type { CommandParts } from "../commands/command-parts.ts";
import { executionHandlers } from "../commands/execution-handlers.ts";
import { flowHandlers } from "../commands/flow-handlers.ts";
import { grantHandlers } from "../commands/grant-handlers.ts";
import { serverHandlers } from "../commands/server-handlers.ts";
import { signalHandlers } from "../commands/signal-handlers.ts";
import { FlowfabricSession } from "../session/session.ts";
import { bothSides, budgetId, creation, failureOf, flowId, id, other } from "../testing/both-sides.ts";

const sides = bothSides();
const here = { connectionId: "here" };
const asked = { transport: "ipc", actor: "test", scope: "change" } as const;
let scope: Scope;
let parts: CommandParts;

afterEach(() => scope.end());

beforeEach(async () => {
  const target = flowfabricTargetSchema.parse({ url: sides.server.url });
  scope = new Scope((error) => expect.unreachable(String(error)));
  const session = await FlowfabricSession.open({ target, secrets: {} }, scope);
  const follow = (use: (session: FlowfabricSession, own: Scope) => void): (() => void) => {
    const own = scope.child();
    use(session, own);
    return () => void own.end();
  };
  const door = () => ({ get: () => session, follow });
  parts = { session: () => session, door, now: () => sides.clock, waits: { lookEveryMs: 5 } };
  await sides.client.createExecution(creation());
});

function simulated(executionId = id): SimulatedExecution {
  const execution = sides.server.state.executions.get(executionId);
  if (!execution) throw new Error("there is no such execution");
  return execution;
}

function work(execution = simulated()): void {
  lease(execution, "worker-1", { now: sides.clock, leaseMilliseconds: 30_000 });
}

/** The first thing that watching tells. */
function findingOf(execution: CommandExecution): Promise<{ verdict: string; message: string }> {
  return new Promise((resolve) => {
    const stop = execution.evidence?.watch((finding) => {
      stop?.();
      resolve(finding);
    });
  });
}

describe("a replay", () => {
  const replay = () =>
    executionHandlers(parts)["flowfabric.executions.replay"]({ ...here, executionId: id }, asked);

  beforeEach(() => {
    work();
    end(simulated(), "failed", sides.clock);
  });

  test("that is over before anybody looks has happened all the same", async () => {
    const execution = await replay();
    expect(await execution.send()).toMatchObject({ accepted: true });
    work();
    end(simulated(), "completed", sides.clock + 5);
    expect(await execution.verify?.()).toMatchObject({
      verdict: "verified",
      message: "It ran again, and is completed (attempt 2).",
    });
  });

  test("of which the answer is not known cannot be told from the end before", async () => {
    expect(await (await replay()).verify?.()).toMatchObject({ verdict: "unknown" });
  });
});

describe("a reclaim grant", () => {
  const worker = { workerId: "w-1", workerInstanceId: "w-1", lane: "default", grantTtlMs: 60_000 };
  const reclaim = () =>
    grantHandlers(parts)["flowfabric.executions.reclaim"](
      { ...here, executionId: id, ...worker, capabilities: [] },
      asked,
    );

  beforeEach(() => {
    work();
    orphan(simulated(), "lease_expired_reclaimable");
  });

  test("was not used when the execution was cancelled meanwhile", async () => {
    const execution = await reclaim();
    expect(await execution.send()).toMatchObject({ accepted: true });
    end(simulated(), "cancelled", sides.clock);
    const message = "It is cancelled now, and nobody took it over first.";
    expect(await findingOf(execution)).toMatchObject({ verdict: "failed", message });
    expect(await execution.verify?.()).toMatchObject({ verdict: "failed", message });
  });

  test("was used when the execution failed in a new attempt, and met the limit when in the old one", async () => {
    const execution = await reclaim();
    await execution.send();
    end(simulated(), "failed", sides.clock);
    expect(await execution.verify?.()).toMatchObject({
      verdict: "failed",
      message: expect.stringContaining("limit of reclaims"),
    });
    simulated().attempt += 1;
    expect(await execution.verify?.()).toMatchObject({ verdict: "verified" });
    // After a restart nobody knows which attempt it was.
    expect(await (await reclaim()).verify?.()).toMatchObject({ verdict: "unknown" });
  });
});

describe("a signal", () => {
  const waitpointId = "00000000-0000-4000-8000-000000000000";
  const signal = () =>
    signalHandlers(parts)["flowfabric.executions.signal"](
      { ...here, executionId: id, waitpointId, signalName: "go" },
      asked,
    );

  function waitFor(count: number): void {
    for (let number = 0; number < count; number += 1)
      suspend(simulated(), {
        id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
        key: `approval:${number}`,
        state: "active",
        signals: [],
        createdAt: sides.clock,
        expiresAt: undefined,
        kid: "k1",
        token: `k1:${number}`,
      });
  }

  test("is proved by the closed waitpoint", async () => {
    waitFor(1);
    const execution = await signal();
    await execution.send();
    expect(await execution.verify?.()).toMatchObject({ verdict: "verified" });
  });

  test("is not proved where the server's list may hide the waitpoint", async () => {
    waitFor(140);
    const execution = await signal();
    expect(await execution.send()).toMatchObject({ accepted: true });
    expect(await execution.verify?.()).toMatchObject({
      verdict: "unknown",
      message: expect.stringContaining("may hide some"),
    });
  });

  test("without an answer is not proved by a waitpoint that anybody may have closed", async () => {
    waitFor(0);
    expect(await (await signal()).verify?.()).toMatchObject({ verdict: "unknown" });
  });

  test("was certainly not sent when its token cannot be read", async () => {
    waitFor(1);
    const execution = await signal();
    sides.server.state.store.become("gone");
    expect((await failureOf(execution.send())).details).toMatchObject({ delivered: false });
  });
});

test("a reset was certainly not sent when the budget cannot be read before", async () => {
  const execution = await serverHandlers(parts)["flowfabric.budgets.reset"]({ ...here, budgetId }, asked);
  sides.server.state.store.become("gone");
  expect((await failureOf(execution.send())).details).toMatchObject({ delivered: false });
});

describe("cancelling a flow", () => {
  const cancel = (policy: "cancel_all" | "cancel_flow_only", earlier?: object) =>
    flowHandlers(parts)["flowfabric.flows.cancel"](
      { ...here, flowId, policy, note: "" },
      { ...asked, ...earlier },
    );

  beforeEach(async () => {
    await sides.client.createFlow({ flow_id: flowId, flow_kind: "demo", namespace: "demo", now: 1 });
    await sides.client.createExecution(creation(other));
    for (const member of [id, other]) await sides.client.addFlowMember(flowId, member, 1);
  });

  test("reads its members back, also after a restart", async () => {
    const execution = await cancel("cancel_all");
    const answer = await execution.send();
    // The server's word for its members is not taken for theirs.
    expect(answer).toMatchObject({ accepted: true });
    expect(answer).not.toHaveProperty("done");
    expect(await findingOf(execution)).toMatchObject({ verdict: "confirmed" });
    const verdict = { verdict: "verified", message: "All of 2 members are over." };
    expect(await execution.verify?.()).toMatchObject(verdict);
    const again = await cancel("cancel_all", { reconciling: true, earlier: { reply: answer.reply } });
    expect(await again.verify?.()).toMatchObject(verdict);
  });

  test("is no success while a member goes on", async () => {
    const execution = await cancel("cancel_all");
    await execution.send();
    simulated(other).vector.lifecycle_phase = "active";
    expect(await execution.verify?.()).toMatchObject({
      verdict: "failed",
      message: "Of 2 members, 1 still go on.",
    });
  });

  test("with another policy says that members go on", async () => {
    const execution = await cancel("cancel_flow_only");
    expect(await execution.send()).toMatchObject({ message: expect.stringContaining("cancels no member") });
    expect(simulated().vector.lifecycle_phase).toBe("runnable");
    expect(await execution.verify?.()).toMatchObject({ verdict: "unknown" });
  });

  test("that is over with another policy changes nothing, and is told so", async () => {
    await (await cancel("cancel_flow_only")).send();
    expect(await (await cancel("cancel_all")).send()).toMatchObject({
      accepted: false,
      message: expect.stringContaining("over already, with the policy cancel_flow_only"),
    });
    expect(simulated().vector.lifecycle_phase).toBe("runnable");
  });
});

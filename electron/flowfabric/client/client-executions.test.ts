import { describe, expect, test } from "vitest";
import { executionInfo, lease, suspend } from "../../../playground/flowfabric/execution.ts";
import { bothSides, creation, failureOf, flowId, id, other } from "../testing/both-sides.ts";
import { answerDetails } from "./http-failure.ts";

const sides = bothSides();
const waitpointId = "7a1f3c52-8a0e-4a8e-b3f5-2f2f9f0d1a11";

describe("executions", () => {
  test("are listed by partition, page by page", async () => {
    await sides.client.createExecution(creation(other));
    await sides.client.createExecution(creation());
    expect(await sides.client.listExecutions(86, { limit: 1 })).toEqual({
      executions: [id],
      next_cursor: id,
    });
    expect(await sides.client.listExecutions(86, { cursor: id })).toEqual({
      executions: [other],
      next_cursor: null,
    });
    expect(await sides.client.listExecutions(3)).toEqual({ executions: [], next_cursor: null });
  });

  test("are read as they are", async () => {
    expect(await sides.client.createExecution(creation())).toEqual({
      created: true,
      reply: { Created: { execution_id: id, public_state: "waiting" } },
    });
    expect(await sides.client.createExecution(creation())).toEqual({
      created: false,
      reply: { Duplicate: { execution_id: id } },
    });
    const execution = sides.server.state.executions.get(id);
    expect(await sides.client.execution(id)).toEqual(execution && executionInfo(execution));
    expect(await sides.client.executionState(id)).toBe("waiting");
    expect(
      await sides.client.createExecution(creation(other, { delay_until: sides.clock + 1_000 })),
    ).toMatchObject({
      reply: { Created: { public_state: "delayed" } },
    });
  });

  test("their waitpoints come without tokens, which are read one by one", async () => {
    await sides.client.createExecution(creation());
    const execution = sides.server.state.executions.get(id);
    if (execution)
      suspend(execution, {
        id: waitpointId,
        key: "approval:1",
        state: "active",
        signals: ["approve"],
        createdAt: sides.clock,
        kid: "k1",
        token: `k1:${"3f".repeat(20)}`,
      });
    const [waitpoint] = await sides.client.pendingWaitpoints(id);
    expect(waitpoint).toMatchObject({
      waitpoint_id: waitpointId,
      token_kid: "k1",
      token_fingerprint: "3f".repeat(8),
    });
    expect(await sides.client.readWaitpointToken(id, waitpointId)).toBe(`k1:${"3f".repeat(20)}`);
    expect(await sides.client.readWaitpointToken(id, flowId)).toBeUndefined();
    const signal = { waitpointId, signalId: flowId, signalName: "approve", now: sides.clock };
    const wrong = await failureOf(sides.client.deliverSignal(id, { ...signal, token: "k1:00" }));
    expect(answerDetails(wrong)).toMatchObject({ status: 400, refused: true });
    const none = await failureOf(sides.client.deliverSignal(id, { ...signal, token: "" }));
    expect(answerDetails(none)).toMatchObject({
      status: 500,
      scriptCode: "missing_token",
      sentRetryable: true,
      retry: "never",
    });
    const token = `k1:${"3f".repeat(20)}`;
    expect(await sides.client.deliverSignal(id, { ...signal, token, payload: "yes" })).toEqual({
      Accepted: { signal_id: flowId, effect: "resume_condition_satisfied" },
    });
    expect(await sides.client.deliverSignal(id, { ...signal, token })).toEqual({
      Duplicate: { existing_signal_id: flowId },
    });
    expect(await sides.client.pendingWaitpoints(id)).toEqual([]);
  });

  test("their results are bytes", async () => {
    await sides.client.createExecution(creation());
    expect((await failureOf(sides.client.executionResult(id))).upstream).toBe(
      `execution result not found: ${id}`,
    );
    const execution = sides.server.state.executions.get(id);
    if (execution) execution.result = Buffer.from([0, 255, 10]);
    expect([...(await sides.client.executionResult(id))]).toEqual([0, 255, 10]);
  });

  test("their output is read in pieces, and waited for", async () => {
    await sides.client.createExecution(creation());
    const list = [1, 2, 3].map((n) => ({
      id: `17778000030${n}-0`,
      fields: { frame_type: "log", payload: `line ${n}` },
    }));
    sides.server.state.executions
      .get(id)
      ?.frames.set(0, { list, closedAt: sides.clock, closedReason: "attempt_success" });
    expect(await sides.client.readStream(id, 0, { limit: 2 })).toMatchObject({
      count: 2,
      frames: list.slice(0, 2),
    });
    expect(await sides.client.tailStream(id, 0, { after: "177780000302-0", blockMs: 0 })).toMatchObject({
      frames: list.slice(2),
      closed_reason: "attempt_success",
    });
    const waiting = sides.client.tailStream(id, 1, { after: "0-0", blockMs: 5_000 });
    sides.server.state.executions.get(id)?.frames.set(1, { list });
    expect(await waiting).toMatchObject({ count: 3 });
    const failures = await Promise.all([
      failureOf(sides.client.readStream(id, 0, { limit: 0 })),
      failureOf(sides.client.readStream(id, 0, { limit: 1_001 })),
      failureOf(sides.client.readStream(id, 0, { from: "-" })),
      failureOf(sides.client.tailStream(id, 0, { after: "start", blockMs: 0 })),
      failureOf(sides.client.tailStream(id, 0, { after: "0-0", blockMs: 30_001 })),
    ]);
    expect(failures.map((failure) => answerDetails(failure)?.status)).toEqual([400, 400, 400, 400, 400]);
    expect(failures[2]?.upstream).toContain("Failed to deserialize query string");
    sides.server.state.streamOperations = 64;
    expect(answerDetails(await failureOf(sides.client.readStream(id, 0)))).toMatchObject({
      status: 429,
      kind: "resource_exhausted",
      retry: "later",
    });
  });

  test("are cancelled, given priority, replayed and revoked", async () => {
    await sides.client.createExecution(creation());
    expect(await sides.client.changePriority(id, 9)).toEqual({ Changed: { execution_id: id } });
    expect(await sides.client.cancelExecution(id, "no longer needed", sides.clock)).toEqual({
      Cancelled: { execution_id: id, public_state: "cancelled" },
    });
    expect(await sides.client.replayExecution(id)).toEqual({ Replayed: { public_state: "waiting" } });
    const execution = sides.server.state.executions.get(id);
    if (execution) lease(execution, "worker-0", { now: sides.clock, leaseMilliseconds: 1_000 });
    expect(await sides.client.revokeLease(id)).toMatchObject({ Revoked: { lease_epoch: "1" } });
    expect(await sides.client.revokeLease(id)).toEqual({ AlreadySatisfied: { reason: "already_revoked" } });
    expect(await sides.client.revokeLease(other)).toEqual({
      AlreadySatisfied: { reason: "no_active_lease" },
    });
  });

  const unknown: [string, () => Promise<unknown>, string][] = [
    ["cancel", () => sides.client.cancelExecution(id, "", 1), "execution_not_found"],
    ["priority", () => sides.client.changePriority(id, 1), "execution_not_found"],
    ["replay", () => sides.client.replayExecution(id), "execution_not_found"],
  ];
  test.each(unknown)(
    "%s of an unknown one is a 500 on Valkey that says retryable, and is not",
    async (_name, call, code) => {
      const failure = await failureOf(call());
      expect(failure.code).toBe("not_found");
      expect(answerDetails(failure)).toMatchObject({
        status: 500,
        scriptCode: code,
        sentRetryable: true,
        retry: "never",
        refused: true,
      });
    },
  );
  test.each(unknown)("%s of an unknown one is a 404 on Postgres", async (_name, call) => {
    await sides.instead({ backend: "postgres" });
    expect(answerDetails(await failureOf(call()))).toMatchObject({ status: 404, refused: true });
  });

  test.each(["valkey", "postgres"] as const)("refusals by state on %s", async (backend) => {
    await sides.instead({ backend });
    await sides.client.createExecution(creation());
    const replay = await failureOf(sides.client.replayExecution(id));
    await sides.client.cancelExecution(id, "", sides.clock);
    const priority = await failureOf(sides.client.changePriority(id, 1));
    const codes = [replay, priority].map((failure) => answerDetails(failure));
    if (backend === "valkey") {
      expect(codes.map((details) => details?.scriptCode)).toEqual([
        "execution_not_terminal",
        "execution_not_eligible",
      ]);
      const twice = await failureOf(sides.client.cancelExecution(id, "", sides.clock));
      expect(answerDetails(twice)?.scriptCode).toBe("execution_not_active");
    } else {
      expect(codes).toMatchObject([
        { status: 409, kind: "execution_not_terminal", retry: "never" },
        { status: 409, kind: "contention", retry: "check-first" },
      ]);
      expect(await sides.client.cancelExecution(id, "", sides.clock)).toMatchObject({
        Cancelled: { execution_id: id },
      });
      expect(answerDetails(await failureOf(sides.client.replayExecution(id)))).toMatchObject({ status: 409 });
    }
  });

  test("an id of the wrong shape is refused with the server's words", async () => {
    const failures = await Promise.all(
      ["nothing", "{fp:70000}:x", "{fp:1}:not-a-uuid"].map((bad) => failureOf(sides.client.execution(bad))),
    );
    expect(failures.map((failure) => failure.upstream?.slice(0, 60))).toEqual(
      [
        "invalid execution_id: execution_id is missing the `{fp:N}:` h",
        "invalid execution_id: execution_id partition index is not a v",
        "invalid execution_id: execution_id UUID suffix is not a valid",
      ].map((text) => text.slice(0, 60)),
    );
  });
});

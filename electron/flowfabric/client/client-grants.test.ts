import { describe, expect, test } from "vitest";
import { lease, newExecution, orphan } from "../../../playground/flowfabric/execution.ts";
import { bothSides, creation, failureOf, id, other } from "../testing/both-sides.ts";
import { answerDetails } from "./http-failure.ts";

const sides = bothSides();
const pair = { keyId: "kid-2026-05-03", secretHex: "ab".repeat(32) };
const grant = {
  workerId: "worker-1",
  workerInstanceId: "worker-1-a",
  lane: "default",
  grantTtlMs: 5_000,
  capabilities: [] as string[],
};

describe("claim", () => {
  test("writes a grant for the best execution of the lane, and none while it is alive", async () => {
    await sides.client.createExecution(creation());
    await sides.client.createExecution(creation(other, { priority: 9 }));
    expect(await sides.client.claimForWorker(grant)).toEqual({
      execution_id: other,
      partition_key: "{fp:86}",
      grant_key: `ff:exec:{fp:86}:${other}:claim_grant`,
      expires_at_ms: sides.clock + 5_000,
    });
    expect(await sides.client.claimForWorker(grant)).toMatchObject({ execution_id: id });
    expect(await sides.client.claimForWorker(grant)).toBeUndefined();
    sides.clock += 5_001;
    expect(await sides.client.claimForWorker(grant)).toMatchObject({ execution_id: other });
  });

  test("blocks what the worker cannot do, although it answers 204", async () => {
    await sides.client.createExecution(
      creation(id, { policy: { routing_requirements: { required_capabilities: ["gpu"] } } }),
    );
    expect(await sides.client.claimForWorker(grant)).toBeUndefined();
    expect(await sides.client.execution(id)).toMatchObject({
      public_state: "rate_limited",
      state_vector: { eligibility_state: "blocked_by_route" },
    });
  });

  test.each([
    [{ workerId: "a b" }, "worker_id: must not contain whitespace"],
    [{ workerInstanceId: "" }, "worker_instance_id: must not be empty"],
    [{ workerId: "x".repeat(257) }, "worker_id: exceeds 256 bytes (got 257)"],
    [{ lane: "" }, "lane_id: lane_id is empty"],
    [{ lane: "x".repeat(65) }, "lane_id: lane_id exceeds 64 bytes (got 65)"],
    [{ lane: "é" }, "non-ASCII-printable byte at index 0"],
    [{ grantTtlMs: 0 }, "grant_ttl_ms must be in 1..=60000"],
    [{ grantTtlMs: 60_001 }, "grant_ttl_ms must be in 1..=60000"],
    [{ capabilities: ["a,b"] }, "may not contain ','"],
    [{ capabilities: [""] }, "must not be empty"],
  ])("refuses %j", async (change, words) => {
    const failure = await failureOf(sides.client.claimForWorker({ ...grant, ...change }));
    expect(failure.upstream).toContain(words);
    expect(answerDetails(failure)).toMatchObject({ status: 400, refused: true });
  });

  test("is not there on SQLite, and needs a first key on Postgres", async () => {
    await sides.instead({ backend: "sqlite" });
    const sqlite = await failureOf(sides.client.claimForWorker(grant));
    expect(sqlite.code).toBe("upstream_refused");
    expect(sqlite.hint).toMatch(/trying again does not help/);
    await sides.instead({ backend: "postgres" });
    const postgres = await failureOf(sides.client.claimForWorker(grant));
    expect(postgres.hint).toMatch(/first waitpoint secret/);
    await sides.client.rotateWaitpointSecret(pair);
    expect(await sides.client.claimForWorker(grant)).toBeUndefined();
  });
});

describe("reclaim", () => {
  const orphanOne = async (capabilities: string[] = []): Promise<void> => {
    const execution = newExecution(
      {
        id,
        partition: 86,
        namespace: "demo",
        lane: "default",
        kind: "demo",
        priority: 1,
        requiredCapabilities: capabilities,
      },
      sides.clock,
    );
    lease(execution, "worker-0", { now: sides.clock, leaseMilliseconds: 1_000 });
    orphan(execution, "lease_expired_reclaimable");
    sides.server.state.executions.set(id, execution);
  };

  test("grants an orphan once, and again when the grant has expired", async () => {
    await orphanOne();
    expect(await sides.client.issueReclaimGrant(id, grant)).toEqual({
      status: "granted",
      execution_id: id,
      partition_key: "{fp:86}",
      grant_key: `ff:exec:{fp:86}:${id}:claim_grant`,
      expires_at_ms: sides.clock + 5_000,
      lane_id: "default",
    });
    const failure = await failureOf(sides.client.issueReclaimGrant(id, grant));
    expect(failure.code).toBe("conflict");
    expect(answerDetails(failure)).toMatchObject({
      status: 409,
      kind: "state_conflict",
      sentRetryable: false,
      retry: "later",
    });
    sides.clock += 5_001;
    expect(await sides.client.issueReclaimGrant(id, grant)).toMatchObject({ status: "granted" });
  });

  test("says what is missing, and that other states cannot be reclaimed", async () => {
    await orphanOne(["gpu", "avx"]);
    expect(await sides.client.issueReclaimGrant(id, grant)).toEqual({
      status: "not_reclaimable",
      execution_id: id,
      detail: "capability_mismatch: avx,gpu",
    });
    await sides.client.createExecution(creation(other));
    expect(await sides.client.issueReclaimGrant(other, grant)).toMatchObject({
      detail: "execution_not_reclaimable",
    });
  });

  test("has a cap on Postgres", async () => {
    await sides.instead({ backend: "postgres" });
    await sides.client.rotateWaitpointSecret(pair);
    await orphanOne();
    const execution = sides.server.state.executions.get(id);
    if (execution) execution.reclaimCount = 1_000;
    expect(await sides.client.issueReclaimGrant(id, grant)).toEqual({
      status: "reclaim_cap_exceeded",
      execution_id: id,
      reclaim_count: 1_000,
    });
  });

  test("knows no unknown execution", async () => {
    const failure = await failureOf(sides.client.issueReclaimGrant(id, grant));
    expect(failure.code).toBe("not_found");
    expect(failure.upstream).toBe("not found: execution");
  });
});

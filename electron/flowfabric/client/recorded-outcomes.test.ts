import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { flowFabricExchanges, type HttpExchange } from "../../../recordings/recordings.ts";
import { flowfabricTargetSchema } from "../../../shared/connections/flowfabric-target.ts";
import type { CommandExecution } from "../../../shared/contract/index.ts";
import { Scope } from "../../connections/scope.ts";
import type { CommandParts } from "../commands/command-parts.ts";
import { executionHandlers } from "../commands/execution-handlers.ts";
import { flowHandlers } from "../commands/flow-handlers.ts";
import { grantHandlers } from "../commands/grant-handlers.ts";
import { limitHandlers } from "../commands/limit-handlers.ts";
import { serverHandlers } from "../commands/server-handlers.ts";
import { executionQueries } from "../queries/execution-queries.ts";
import { FlowfabricSession } from "../session/session.ts";
import { failureOf } from "../testing/both-sides.ts";

const exchanges = flowFabricExchanges();
const asked = { transport: "ipc", actor: "test", scope: "change" } as const;
const here = { connectionId: "here" };
const id = "{fp:86}:00000000-0000-4000-8000-000000000001";

/** The one recorded exchange of this kind that comes first. */
function recorded(method: string, path: RegExp, said: RegExp | number): HttpExchange {
  const found = exchanges.find(
    (each) =>
      each.method === method &&
      path.test(each.path) &&
      (typeof said === "number" ? each.status === said : said.test(JSON.stringify(each.body))),
  );
  if (!found) throw new Error(`nothing was recorded for ${method} ${path} ${said}`);
  return found;
}

/** Answers of the server from here on, by method and a part of the path; the first that fits is given. */
let answers: readonly (readonly [
  method: string,
  part: string,
  exchange: Pick<HttpExchange, "status" | "body">,
])[];
let seen: string[];
let scope: Scope;
let parts: CommandParts;
const server = createServer((request, response) => {
  const path = decodeURIComponent(request.url ?? "");
  seen.push(`${request.method} ${path}`);
  const fitting = answers.find(([method, part]) => method === request.method && path.includes(part));
  request.resume().on("end", () => {
    const { status, body } = fitting?.[2] ?? { status: 404, body: { error: "not found: test" } };
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body === null ? undefined : JSON.stringify(aboutAsked(path, body)));
  });
});

/** What was recorded of one execution or budget, told of the one that is asked for. */
function aboutAsked(path: string, body: unknown): unknown {
  const [, kind = "", id = ""] = /^\/v1\/(execution|budget)s\/([^/?]+)$/.exec(path) ?? [];
  return typeof body === "object" && body !== null && `${kind}_id` in body
    ? { ...body, [`${kind}_id`]: id }
    : body;
}

beforeEach(async () => {
  seen = [];
  answers = [
    ["GET", "/healthz", { status: 200, body: { status: "ok" } }],
    ["GET", "/v1/executions?", { status: 200, body: { executions: [], next_cursor: null } }],
  ];
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  scope = new Scope((error) => expect.unreachable(String(error)));
  const target = flowfabricTargetSchema.parse({ url: `http://127.0.0.1:${port}` });
  const session = await FlowfabricSession.open({ target, secrets: {} }, scope);
  const follow = (use: (session: FlowfabricSession, own: Scope) => void): (() => void) => {
    const own = scope.child();
    use(session, own);
    return () => void own.end();
  };
  const door = () => ({ get: () => session, follow });
  parts = { session: () => session, door, now: () => 1_795_905_700_000, waits: { lookEveryMs: 5 } };
});
afterEach(async () => {
  await scope.end();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function executionIn(state: string): HttpExchange {
  return recorded("GET", /\/v1\/executions\/[^/?]+$/, new RegExp(`"public_state":"${state}","created_at"`));
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

const cancel = () =>
  executionHandlers(parts)["flowfabric.executions.cancel"]({ ...here, executionId: id, note: "" }, asked);

describe("a backend that fails behind the server", () => {
  test("leaves a cancellation open, which the execution itself decides", async () => {
    const execution = await cancel();
    answers = [
      ["POST", "/cancel", recorded("POST", /cancel$/, /HMGET exec_core.*timed out/)],
      ["GET", id, recorded("GET", /\/v1\/executions\/[^/?]+$/, /timed out/)],
    ];
    const failure = await failureOf(execution.send());
    expect(failure.message).toBe("The backend is down: the server's Valkey did not answer in time.");
    expect(failure.details).toMatchObject({ refused: false, backendDown: true });
    expect(failure.details?.delivered).toBeUndefined();
    // While nothing can be read, nothing is said; then the reading decides, whichever way.
    const found = findingOf(execution);
    answers = [["GET", id, executionIn("cancelled")]];
    expect(await found).toMatchObject({ verdict: "confirmed", message: "It is cancelled." });
    answers = [["GET", id, executionIn("waiting")]];
    expect(await execution.verify?.()).toMatchObject({
      verdict: "failed",
      message: "It is waiting, not cancelled.",
    });
    expect(execution.evidence).toMatchObject({ verifyWhenOver: true });
  });

  test("may have created the budget of which it did not tell", async () => {
    const timedOut = recorded("POST", /\/v1\/budgets$/, /FCALL ff_create_budget.*timed out/);
    const { budget_id: budgetId } = timedOut.request as { budget_id: string };
    const afterwards = exchanges.find(
      ({ method, path, status }) =>
        method === "GET" && status === 200 && path === `/v1/budgets/8c4ef4c7-1a5f-4231-a711-db31dcd821af`,
    );
    if (!afterwards) throw new Error("the budget was not read");
    const read = afterwards.body as Record<string, Record<string, number> & string>;
    const execution = await limitHandlers(parts)["flowfabric.budgets.create"](
      {
        ...here,
        budgetId,
        scopeType: read.scope_type ?? "",
        scopeId: read.scope_id ?? "",
        enforcementMode: read.enforcement_mode ?? "",
        onHardLimit: "fail",
        onSoftLimit: "warn",
        resetIntervalMs: read.next_reset_at === null ? 0 : 60_000,
        dimensions: Object.entries(read.hard_limits ?? {}).map(([name, hardLimit]) => ({
          name,
          hardLimit,
          softLimit: read.soft_limits?.[name] ?? 0,
        })),
      },
      asked,
    );
    answers = [["POST", "/v1/budgets", timedOut]];
    expect((await failureOf(execution.send())).details).toMatchObject({ refused: false });
    expect(await execution.verify?.()).toMatchObject({
      verdict: "failed",
      message: "There is no such budget.",
    });
    answers = [["GET", "/v1/budgets/", afterwards]];
    expect(await execution.verify?.()).toMatchObject({ verdict: "verified" });
  });

  test("is told instead of an empty list", async () => {
    answers = [["GET", "/v1/executions?", recorded("GET", /\/v1\/executions\?/, /timed out/)]];
    const queries = executionQueries({ ...parts, partitionCount: () => undefined });
    const failures = await Promise.all([
      failureOf(Promise.resolve(queries["flowfabric.executions.list"]({ ...here, limit: 100 }, asked))),
      failureOf(Promise.resolve(queries["flowfabric.waitpoints.scan"]({ ...here, limit: 100 }, asked))),
    ]);
    for (const failure of failures)
      expect(failure).toMatchObject({
        code: "unreachable",
        message: expect.stringMatching(/^The backend is down/),
      });
    // The first partitions were enough to see it.
    expect(seen.filter((request) => request.includes("limit=1000")).length).toBeLessThanOrEqual(32);
  });

  test("is told where the list could still be read", async () => {
    const execution = executionIn("waiting");
    const { execution_id: known } = execution.body as { execution_id: string };
    answers = [
      ["GET", "partition=86&", { status: 200, body: { executions: [known, id], next_cursor: null } }],
      ["GET", "/v1/executions?", { status: 200, body: { executions: [], next_cursor: null } }],
      ["GET", id, recorded("GET", /\/v1\/executions\/[^/?]+$/, /timed out/)],
      ["GET", known, execution],
    ];
    const list = () =>
      executionQueries({ ...parts, partitionCount: () => undefined })["flowfabric.executions.list"](
        { ...here, limit: 100 },
        asked,
      );
    expect(await list()).toMatchObject({
      rows: [{ id: known }],
      problems: [{ where: id }],
      partitionsFrom: "assumed",
    });
    answers = answers.filter(([, part]) => part !== known);
    answers = [...answers, ["GET", known, recorded("GET", /\/v1\/executions\/[^/?]+$/, /timed out/)]];
    expect((await failureOf(Promise.resolve(list()))).message).toMatch(/^The backend is down/);
  });

  test("that lost its functions has refused, and says what to do", async () => {
    const execution = await cancel();
    answers = [["POST", "/cancel", recorded("POST", /cancel$/, /Function not found/)]];
    expect(await execution.send()).toMatchObject({
      accepted: false,
      message: expect.stringMatching(/came back empty.*Nothing was changed\. Restart ff-server/),
    });
  });
});

describe("a refusal that is a proof", () => {
  test.each([
    [/execution_not_active/, /^The execution is over already/],
    [/execution_not_found/, /^There is no such execution/],
  ])("%s", async (said, words) => {
    const execution = await cancel();
    answers = [["POST", "/cancel", recorded("POST", /cancel$/, said)]];
    expect(await execution.send()).toMatchObject({ accepted: false, message: expect.stringMatching(words) });
  });

  test("of a grant that is alive is one", async () => {
    const grant = {
      workerId: "w",
      workerInstanceId: "w",
      lane: "default",
      grantTtlMs: 1_000,
      capabilities: [],
    };
    const execution = await grantHandlers(parts)["flowfabric.executions.reclaim"](
      { ...here, executionId: id, ...grant },
      asked,
    );
    answers = [["POST", "/reclaim", recorded("POST", /reclaim$/, 409)]];
    expect(await execution.send()).toMatchObject({
      accepted: false,
      message: expect.stringMatching(/alive already/),
    });
  });
});

describe("a flow of which the server could not cancel every member", () => {
  const partial = recorded("POST", /flows\/[^/]+\/cancel/, /PartiallyCancelled/);
  const { PartiallyCancelled: reply } = partial.body as {
    PartiallyCancelled: { member_execution_ids: string[]; failed_member_execution_ids: string[] };
  };
  const members = new Set([...reply.member_execution_ids, ...reply.failed_member_execution_ids]);
  const flowId = "978629ce-48b8-4111-8e88-e1300dcc3124";

  async function cancelled(): Promise<CommandExecution> {
    const execution = await flowHandlers(parts)["flowfabric.flows.cancel"](
      { ...here, flowId, policy: "cancel_all", note: "" },
      asked,
    );
    answers = [["POST", "/cancel", partial], ...answers];
    const answer = await execution.send();
    expect(answer).toMatchObject({
      accepted: true,
      message: expect.stringContaining(
        `${reply.failed_member_execution_ids.length} of its ${members.size} members the server could not cancel`,
      ),
    });
    expect(answer).not.toHaveProperty("done");
    return execution;
  }

  test("is verified when all of them are over, each counted once", async () => {
    const [, ...rest] = members;
    const skipped = { ...executionIn("cancelled") };
    skipped.body = { ...(skipped.body as object), public_state: "skipped" };
    answers = [
      ...rest.map((member) => ["GET", member, skipped] as const),
      ["GET", "/v1/executions/", executionIn("cancelled")],
    ];
    const execution = await cancelled();
    const message = `All of ${members.size} members are over: ${rest.length} skipped, 1 cancelled.`;
    expect(await findingOf(execution)).toMatchObject({ verdict: "confirmed", message });
    expect(await execution.verify?.()).toMatchObject({ verdict: "verified", message });
  });

  test("is not, while one goes on", async () => {
    const [first = ""] = members;
    answers = [
      ["GET", first, executionIn("waiting")],
      ["GET", "/v1/executions/", executionIn("cancelled")],
    ];
    const execution = await cancelled();
    const message = `Of ${members.size} members, 1 still go on.`;
    expect(await execution.verify?.()).toMatchObject({ verdict: "failed", message });
  });

  test("is unknown where the server's Valkey did not answer", async () => {
    const execution = await flowHandlers(parts)["flowfabric.flows.cancel"](
      { ...here, flowId, policy: "cancel_all", note: "" },
      asked,
    );
    answers = [["POST", "/cancel", recorded("POST", /flows\/[^/]+\/cancel/, /timed out/)]];
    expect((await failureOf(execution.send())).details).toMatchObject({ refused: false });
    expect(await execution.verify?.()).toMatchObject({
      verdict: "unknown",
      message: expect.stringMatching(/Cancel it again: that is safe/),
    });
  });
});

test("health calls a server without its Valkey what it is", async () => {
  answers = [["GET", "/healthz", recorded("GET", /healthz/, 500)]];
  const health = await serverHandlers(parts)["flowfabric.health"](here, asked);
  expect(health.http).toMatchObject({
    status: "backend-down",
    message: expect.stringMatching(/^The backend is down/),
  });
  expect(health.backend.kind).toBe("valkey");
});

describe("a word that nobody knows", () => {
  const odd = "paused_by_a_newer_server";
  const readAs = (state: object): Pick<HttpExchange, "status" | "body"> => {
    const { body } = executionIn("active") as { body: { state_vector: object } };
    return { status: 200, body: { ...body, state_vector: { ...body.state_vector, ...state } } };
  };
  const handlers = () => executionHandlers(parts);
  const onExecution = { ...here, executionId: id };

  test("as the state of an execution verifies neither a replay nor a revocation", async () => {
    const replay = await handlers()["flowfabric.executions.replay"](onExecution, asked);
    answers = [["GET", id, readAs({ lifecycle_phase: odd })]];
    expect(await replay.verify?.()).toMatchObject({
      verdict: "unknown",
      message: expect.stringContaining(odd),
    });
    const revocation = await handlers()["flowfabric.executions.revoke-lease"](onExecution, asked);
    answers = [["GET", id, readAs({ ownership_state: odd })]];
    expect(await revocation.verify?.()).toMatchObject({
      verdict: "unknown",
      message: expect.stringContaining(odd),
    });
  });

  test("as the end of an execution does not say that a grant was not used", async () => {
    const grant = {
      workerId: "w",
      workerInstanceId: "w",
      lane: "default",
      grantTtlMs: 1_000,
      capabilities: [],
    };
    const reclaim = await grantHandlers(parts)["flowfabric.executions.reclaim"](
      { ...onExecution, ...grant },
      asked,
    );
    const over = { lifecycle_phase: "terminal", ownership_state: "unowned", terminal_outcome: odd };
    answers = [["GET", id, readAs(over)]];
    expect(await reclaim.verify?.()).toMatchObject({ verdict: "unknown" });
  });

  test("as the policy of a cancelled flow refuses nothing", async () => {
    const execution = await flowHandlers(parts)["flowfabric.flows.cancel"](
      { ...here, flowId: "978629ce-48b8-4111-8e88-e1300dcc3124", policy: "cancel_all", note: "" },
      asked,
    );
    const reply = { Cancelled: { cancellation_policy: odd, member_execution_ids: [] } };
    answers = [["POST", "/cancel", { status: 200, body: reply }]];
    expect(await failureOf(execution.send())).toMatchObject({
      code: "upstream_invalid",
      details: { refused: false },
    });
  });

  test.each([
    [200, {}],
    [200, { Created: { quota_policy_id: id } }],
    [201, { welcome: "to this network" }],
    [201, { AlreadySatisfied: { quota_policy_id: id } }],
  ])(
    "says with status %d and %j neither that something was created nor that it existed",
    async (status, body) => {
      const execution = await limitHandlers(parts)["flowfabric.quotas.create"](
        { ...here, quotaId: id, windowSeconds: 1, maxRequestsPerWindow: 1, maxConcurrent: 1 },
        asked,
      );
      answers = [["POST", "/v1/quotas", { status, body }]];
      expect(await failureOf(execution.send())).toMatchObject({
        code: "upstream_invalid",
        details: { refused: false },
      });
    },
  );
});

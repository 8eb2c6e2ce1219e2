import type { z } from "zod";
import { Failure } from "../../../shared/contract/index.ts";
import { Emitter } from "../../upstream/emitter.ts";
import { HttpClient, type HttpClientOptions } from "../../upstream/http-client.ts";
import type { HttpReply } from "../../upstream/http-messages.ts";
import { parseWithLargeIntegers } from "../../upstream/lossless-json.ts";
import { answerFailure } from "./http-failure.ts";
import * as reply from "./replies.ts";
import {
  actionRequest,
  cancelRequest,
  claimRequest,
  flowCancelRequest,
  type GrantParams,
  pathOf,
  priorityRequest,
  readRequest,
  reclaimRequest,
  resetRequest,
  rotateRequest,
  type ServerRequest,
  type SignalParams,
  signalRequest,
} from "./requests.ts";

/** Ten seconds above the server's own deadline, so that its 504 is seen (flowfabric-admin §5.2). */
export const rotationTimeoutMs = 130_000;

const replyLimitBytes = 32 * 1024 * 1024;

export interface FlowfabricClientOptions {
  /** Base address; a path in front is kept (flowfabric-admin §5.1). */
  url: string;
  token?: string | undefined;
  timeoutMs: number;
  tls?: HttpClientOptions["tls"];
}

/** A reply with the status it came with: creations tell 201 from 200. */
export interface Tagged {
  created: boolean;
  reply: reply.TaggedReply;
}

/** Every route of an ff-server, one method each; replies are checked, refusals are thrown as Failures with advice. */
export class FlowfabricClient {
  readonly http: HttpClient;
  private readonly failures = new Emitter<[Failure]>();

  /** Throws `invalid_input` for a token that no header can carry (flowfabric-admin §5.1). */
  constructor({ url, token, timeoutMs, tls }: FlowfabricClientOptions) {
    this.http = new HttpClient({
      url,
      timeoutMs,
      maxReplyBytes: replyLimitBytes,
      ...(tls && { tls }),
      ...(token !== undefined && {
        headers: { authorization: `Bearer ${notEmpty(token)}` },
        hidden: [token],
      }),
    });
  }

  close(): void {
    this.http.close();
  }

  /** The address of a request, as it is sent and as people may read it. */
  address(request: Pick<ServerRequest, "segments" | "query">): string {
    return `${this.http.address}${pathOf(request)}`;
  }

  /** Calls back with each answer that is no success, for as long as the client lives. */
  onFailure(listener: (failure: Failure) => void): void {
    this.failures.on(listener);
  }

  // --- the admin module of the SDK (flowfabric-admin §5) ---

  /** Throws `timeout` after 504 or silence: the server may still be at work, and the same pair may be sent again. */
  async rotateWaitpointSecret(
    pair: { keyId: string; secretHex: string },
    timeoutMs = rotationTimeoutMs,
  ): Promise<reply.RotateReply> {
    const body = { new_kid: pair.keyId, new_secret_hex: pair.secretHex };
    const request = { ...rotateRequest, body, timeoutMs, hidden: [pair.secretHex] };
    const rotated = await this.json(reply.rotateReplySchema, request);
    requireAbout("key", pair.keyId, [rotated.new_kid]);
    return rotated;
  }

  /** Undefined where nothing was claimable in this scan, which is no proof of an empty lane. */
  async claimForWorker(params: GrantParams): Promise<reply.ClaimReply | undefined> {
    const answer = await this.send(claimRequest(params));
    if (answer.status === 204) return undefined;
    return this.decode(reply.claimReplySchema, answer);
  }

  issueReclaimGrant(executionId: string, params: GrantParams): Promise<reply.ReclaimReply> {
    return this.json(reply.reclaimReplySchema, reclaimRequest(executionId, params));
  }

  /** A credential. Undefined for any 404: consumed, expired, unknown, or a server without the route. */
  async readWaitpointToken(executionId: string, waitpointId: string): Promise<string | undefined> {
    const segments = ["v1", "executions", executionId, "waitpoints", waitpointId, "token"];
    const answer = await this.send({ method: "GET", segments });
    if (answer.status === 404) return undefined;
    return this.decode(reply.tokenReplySchema, answer).token;
  }

  // --- executions (flowfabric-admin §1.7, §1.8) ---

  listExecutions(
    partition: number,
    page: { cursor?: string; limit?: number } = {},
  ): Promise<reply.ListReply> {
    const query = { partition, cursor: page.cursor || undefined, limit: page.limit };
    return this.json(reply.listReplySchema, { method: "GET", segments: ["v1", "executions"], query });
  }

  async execution(executionId: string): Promise<reply.ExecutionReply> {
    const execution = await this.json(reply.executionReplySchema, readRequest(executionId));
    requireAbout("execution", executionId, [execution.execution_id]);
    return execution;
  }

  executionState(executionId: string): Promise<string> {
    return this.json(stateReplySchema, readRequest(executionId, "state"));
  }

  async pendingWaitpoints(executionId: string): Promise<reply.WaitpointReply[]> {
    const request = readRequest(executionId, "pending-waitpoints");
    const waitpoints = await this.json(reply.waitpointsReplySchema, request);
    const ids = waitpoints.map(({ execution_id: id }) => id);
    requireAbout("execution", executionId, ids);
    return waitpoints;
  }

  async executionResult(executionId: string): Promise<Buffer> {
    const answer = await this.send(readRequest(executionId, "result"));
    if (answer.status !== 200) throw this.failure(answer);
    return answer.body;
  }

  readStream(
    executionId: string,
    attempt: number,
    range: { from?: string; to?: string; limit?: number } = {},
  ): Promise<reply.StreamReply> {
    const request = readRequest(executionId, "attempts", String(attempt), "stream");
    return this.json(reply.streamReplySchema, { ...request, query: { ...range } });
  }

  /** Waits on the server's side; the console waits ten seconds longer than that. */
  tailStream(
    executionId: string,
    attempt: number,
    { after, blockMs, limit }: { after: string; blockMs: number; limit?: number },
  ): Promise<reply.StreamReply> {
    const request = readRequest(executionId, "attempts", String(attempt), "stream", "tail");
    const query = { after, block_ms: blockMs, limit };
    return this.json(reply.streamReplySchema, { ...request, query, timeoutMs: blockMs + 10_000 });
  }

  createExecution(body: Record<string, unknown>): Promise<Tagged> {
    return this.tagged({ method: "POST", segments: ["v1", "executions"], body });
  }

  cancelExecution(
    executionId: string,
    reason: string,
    now: number,
  ): Promise<z.infer<typeof reply.cancelReplySchema>> {
    return this.json(reply.cancelReplySchema, cancelRequest(executionId, reason, now));
  }

  changePriority(executionId: string, priority: number): Promise<z.infer<typeof reply.priorityReplySchema>> {
    return this.json(reply.priorityReplySchema, priorityRequest(executionId, priority));
  }

  replayExecution(executionId: string): Promise<z.infer<typeof reply.replayReplySchema>> {
    return this.json(reply.replayReplySchema, actionRequest(executionId, "replay"));
  }

  revokeLease(executionId: string): Promise<z.infer<typeof reply.revokeReplySchema>> {
    return this.json(reply.revokeReplySchema, actionRequest(executionId, "revoke-lease"));
  }

  deliverSignal(executionId: string, params: SignalParams): Promise<z.infer<typeof reply.signalReplySchema>> {
    return this.json(reply.signalReplySchema, signalRequest(executionId, params));
  }

  // --- flows, budgets, quotas (flowfabric-admin §1.8.7, §1.8.8) ---

  createFlow(body: { flow_id: string; flow_kind: string; namespace: string; now: number }): Promise<Tagged> {
    return this.tagged({ method: "POST", segments: ["v1", "flows"], body });
  }

  addFlowMember(flowId: string, executionId: string, now: number): Promise<Tagged> {
    const body = { flow_id: flowId, execution_id: executionId, now };
    return this.tagged({ method: "POST", segments: ["v1", "flows", flowId, "members"], body });
  }

  stageFlowEdge(flowId: string, edge: Record<string, unknown>): Promise<Tagged> {
    const body = { flow_id: flowId, ...edge };
    return this.tagged({ method: "POST", segments: ["v1", "flows", flowId, "edges"], body });
  }

  applyFlowEdge(flowId: string, edge: Record<string, unknown>): Promise<Tagged> {
    const body = { flow_id: flowId, ...edge };
    return this.tagged({ method: "POST", segments: ["v1", "flows", flowId, "edges", "apply"], body });
  }

  cancelFlow(
    flowId: string,
    params: { reason: string; policy: string; now: number },
  ): Promise<reply.FlowCancelReply> {
    // The server answers when it has gone through the members, which may be many.
    const request = { ...flowCancelRequest(flowId, params), timeoutMs: rotationTimeoutMs };
    return this.json(reply.flowCancelReplySchema, request);
  }

  createBudget(body: Record<string, unknown>): Promise<Tagged> {
    return this.tagged({ method: "POST", segments: ["v1", "budgets"], body });
  }

  async budget(budgetId: string): Promise<reply.BudgetReply> {
    const request = { method: "GET", segments: ["v1", "budgets", budgetId] } as const;
    const budget = await this.json(reply.budgetReplySchema, request);
    requireAbout("budget", budgetId, [budget.budget_id]);
    return budget;
  }

  reportUsage(budgetId: string, body: Record<string, unknown>): Promise<Tagged> {
    return this.tagged({ method: "POST", segments: ["v1", "budgets", budgetId, "usage"], body });
  }

  resetBudget(budgetId: string): Promise<z.infer<typeof reply.resetReplySchema>> {
    return this.json(reply.resetReplySchema, resetRequest(budgetId));
  }

  createQuota(body: Record<string, unknown>): Promise<Tagged> {
    return this.tagged({ method: "POST", segments: ["v1", "quotas"], body });
  }

  // --- the server itself (flowfabric-admin §1.7.10, §1.9) ---

  health(): Promise<{ status: string }> {
    return this.json(reply.healthReplySchema, { method: "GET", segments: ["healthz"] });
  }

  /** Prometheus text; throws `not_found` or `unauthenticated` where the server was built without metrics. */
  async metrics(): Promise<string> {
    const answer = await this.send({ method: "GET", segments: ["metrics"] });
    if (answer.status !== 200) throw this.failure(answer);
    return answer.text;
  }

  private async send({ segments, query, body, ...rest }: ServerRequest): Promise<HttpReply> {
    const path = pathOf({ segments, ...(query && { query }) });
    const request = { ...rest, path, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return request.method === "GET" ? this.http.read(request) : this.http.send(request);
  }

  private async json<T>(schema: z.ZodType<T>, request: ServerRequest): Promise<T> {
    return this.decode(schema, await this.send(request));
  }

  private async tagged(request: ServerRequest): Promise<Tagged> {
    const answer = await this.send(request);
    return { created: answer.status === 201, reply: this.decode(reply.taggedReplySchema, answer) };
  }

  private decode<T>(schema: z.ZodType<T>, answer: HttpReply): T {
    if (!answer.isSuccess) throw this.failure(answer);
    let value: unknown;
    try {
      value = parseWithLargeIntegers(answer.text);
    } catch {
      throw undecodable("it is not JSON", answer);
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw undecodable(
      `${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "does not match the expected shape"}`,
      answer,
    );
  }

  private failure(answer: HttpReply): Failure {
    const failure = answerFailure(answer);
    this.failures.emit(failure);
    return failure;
  }
}

function notEmpty(token: string): string {
  if (token.trim() !== "") return token;
  throw new Failure({
    code: "invalid_input",
    message: "The connection's token is empty.",
    details: { fields: [{ path: "secrets", message: "is empty" }], delivered: false },
    hint: "Enter the token again, or choose a connection without one.",
  });
}

const stateReplySchema = reply.healthReplySchema.shape.status;

/** What is read of another thing says nothing of the one that was asked for. Ids are UUIDs, which may be written in capitals. */
function requireAbout(what: "key" | "execution" | "budget", asked: string, told: readonly string[]): void {
  if (told.some((id) => id.toLowerCase() !== asked.toLowerCase()))
    throw undecodable(`it is about another ${what}`, {
      status: 200,
      method: what === "key" ? "POST" : "GET",
    });
}

/** The text of the answer stays out: it may be a credential. */
export function undecodable(
  reason: string,
  { status, method }: Pick<HttpReply, "status" | "method">,
): Failure {
  return new Failure({
    code: "upstream_invalid",
    message: `The server's answer (status ${status}) cannot be read: ${reason}.`,
    details: { status, retry: "check-first", refused: false },
    hint:
      method === "GET"
        ? "The server may be another version, or something stands between."
        : "What was asked may have happened: look at the present state. The server may be another version.",
  });
}

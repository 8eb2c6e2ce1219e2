import { z } from "zod";
import { command, local, query, textWithoutCredentials } from "../contract/index.ts";
import {
  executionPageSchema,
  executionRowSchema,
  expiredLeasesSchema,
  scanPlaceSchema,
  streamSchema,
  waitpointRowSchema,
  waitpointScanSchema,
} from "./execution-schema.ts";
import {
  capabilitiesSchema,
  executionIdSchema,
  executionTarget,
  flowfabricPath,
  grantTtlSchema,
  laneSchema,
  onServerSchema,
  shortExecution,
  uuidSchema,
  workerIdSchema,
} from "./inputs.ts";

const executions = `${flowfabricPath}/executions` as const;
const one = `${executions}/{executionId}` as const;

const onExecutionSchema = onServerSchema.extend({ executionId: executionIdSchema });

/** A scan that fails ends with its first lists. */
const scanRequests = (scan: { requests: number } | undefined) => scan?.requests ?? 32;

const attemptSchema = z.number().int().min(0).max(4_294_967_295);
const streamCursorSchema = z.string().regex(/^(start|end|\d+(-\d+)?)$/, "write start, end, or a frame's id");

/** Operations on executions (flowfabric-admin §1.7, §1.8, §4). */
export const executionOperations = {
  "flowfabric.executions.list": query({
    method: "GET",
    path: executions,
    summary: "Reads executions partition by partition, from a place on; there is no other order.",
    refresh: { everyMs: 10_000, requests: scanRequests },
    input: onServerSchema.extend({
      from: scanPlaceSchema.optional(),
      onlyPartition: z.number().int().min(0).max(65_535).optional(),
      limit: z.number().int().min(1).max(2_000).default(500),
    }),
    output: executionPageSchema,
  }),
  "flowfabric.executions.get": query({
    method: "GET",
    path: one,
    summary: "Shows one execution and what its state means.",
    refresh: { everyMs: 3_000 },
    input: onExecutionSchema,
    output: executionRowSchema,
  }),
  "flowfabric.executions.state": query({
    method: "GET",
    path: `${one}/state`,
    summary: "Reads the public state alone.",
    refresh: { everyMs: 10_000 },
    input: onExecutionSchema,
    output: z.object({ publicState: z.string() }),
  }),
  "flowfabric.executions.result": query({
    method: "GET",
    path: `${one}/result`,
    summary: "Reads the result: its size, and its beginning where it is text.",
    refresh: "by hand",
    input: onExecutionSchema,
    output: z.object({ bytes: z.number().int(), text: z.string().optional(), cut: z.boolean() }),
  }),
  "flowfabric.executions.stream": query({
    method: "GET",
    path: `${one}/attempts/{attempt}/stream`,
    summary: "Reads output frames of one attempt; with `after` it waits for newer ones.",
    refresh: { everyMs: 5_000 },
    input: onExecutionSchema.extend({
      attempt: attemptSchema,
      from: streamCursorSchema.default("start"),
      to: streamCursorSchema.default("end"),
      after: z
        .string()
        .regex(/^\d+(-\d+)?$/, "a frame's id")
        .optional(),
      waitMs: z.number().int().min(0).max(30_000).default(0),
      limit: z.number().int().min(1).max(1_000).default(200),
    }),
    output: streamSchema,
  }),
  "flowfabric.waitpoints.list": query({
    method: "GET",
    path: `${one}/waitpoints`,
    summary: "Lists the open waitpoints of one execution, without their tokens.",
    refresh: { everyMs: 10_000 },
    input: onExecutionSchema,
    output: z.array(waitpointRowSchema),
  }),
  "flowfabric.waitpoints.scan": query({
    method: "GET",
    path: `${flowfabricPath}/waitpoints`,
    summary: "Reads the open waitpoints of suspended executions, and counts them by signing key.",
    refresh: { everyMs: 10_000, requests: scanRequests },
    input: onServerSchema.extend({
      from: scanPlaceSchema.optional(),
      limit: z.number().int().min(1).max(5_000).default(2_000).describe("Executions to look at."),
    }),
    output: waitpointScanSchema,
  }),
  // A credential is more than reading: a token of scope "read" does not get it.
  "flowfabric.waitpoints.token": local({
    method: "POST",
    path: `${one}/waitpoints/{waitpointId}/token`,
    summary: "Reads the token of one waitpoint. It is a credential: the console does not keep or log it.",
    input: onExecutionSchema.extend({ waitpointId: uuidSchema }),
    output: z.object({ token: z.string() }),
  }),
  "flowfabric.leases.expired": query({
    method: "GET",
    path: `${flowfabricPath}/expired-leases`,
    summary:
      "Lists stuck work at Valkey itself: executions whose lease ran out. Revoked leases are not there.",
    refresh: { everyMs: 5_000, requests: (leases) => (leases?.partitions ?? 256) + 2 },
    input: onServerSchema,
    output: expiredLeasesSchema,
  }),
  "flowfabric.executions.cancel": command({
    method: "POST",
    path: `${one}/cancel`,
    summary: "Cancels an execution that is not over.",
    hazard: "destructive",
    input: onExecutionSchema.extend({ note: z.string().max(500).default("cancelled by an operator") }),
    title: ({ executionId }) => `Cancel ${shortExecution(executionId)}`,
    target: executionTarget,
  }),
  "flowfabric.executions.replay": command({
    method: "POST",
    path: `${one}/replay`,
    summary: "Runs an execution again that is over.",
    hazard: "change",
    input: onExecutionSchema,
    title: ({ executionId }) => `Replay ${shortExecution(executionId)}`,
    target: executionTarget,
  }),
  "flowfabric.executions.revoke-lease": command({
    method: "POST",
    path: `${one}/revoke-lease`,
    summary: "Takes the lease from the worker that holds it.",
    hazard: "destructive",
    input: onExecutionSchema,
    title: ({ executionId }) => `Revoke the lease of ${shortExecution(executionId)}`,
    target: executionTarget,
  }),
  "flowfabric.executions.priority": command({
    method: "PUT",
    path: `${one}/priority`,
    summary: "Changes the priority of an execution that waits for a worker.",
    hazard: "change",
    input: onExecutionSchema.extend({
      priority: z.number().int().min(0).max(9_000).describe("Higher runs first."),
    }),
    title: ({ executionId, priority }) => `Set the priority of ${shortExecution(executionId)} to ${priority}`,
    target: executionTarget,
  }),
  "flowfabric.executions.signal": command({
    method: "POST",
    path: `${one}/signal`,
    summary:
      "Delivers a signal to an open waitpoint; the console reads the token itself and keeps it nowhere.",
    hazard: "change",
    input: onExecutionSchema.extend({
      waitpointId: uuidSchema,
      signalName: z.string().min(1).max(200),
      payload: z.string().max(65_536).optional().describe("Text, sent as UTF-8 bytes."),
    }),
    redact: ({ payload, ...input }) => ({
      ...input,
      ...(payload !== undefined && { payload: textWithoutCredentials(payload) }),
    }),
    title: ({ executionId, signalName }) => `Signal ${signalName} to ${shortExecution(executionId)}`,
    target: executionTarget,
  }),
  "flowfabric.executions.reclaim": command({
    method: "POST",
    path: `${one}/reclaim`,
    summary: "Lets one named worker take over an execution whose owner is gone, for a minute at most.",
    hazard: "change",
    input: onExecutionSchema.extend({
      workerId: workerIdSchema,
      workerInstanceId: workerIdSchema,
      lane: laneSchema,
      grantTtlMs: grantTtlSchema.default(30_000),
      capabilities: capabilitiesSchema.default([]),
    }),
    title: ({ executionId, workerId }) => `Let ${workerId} reclaim ${shortExecution(executionId)}`,
    target: executionTarget,
  }),
  "flowfabric.workers.claim": command({
    method: "POST",
    path: `${flowfabricPath}/workers/{workerId}/claim`,
    summary: "Asks for a grant of fresh work for one worker. This has side effects even when it finds none.",
    hazard: "change",
    input: onServerSchema.extend({
      workerId: workerIdSchema,
      workerInstanceId: workerIdSchema,
      lane: laneSchema,
      grantTtlMs: grantTtlSchema.default(5_000),
      capabilities: capabilitiesSchema.default([]),
    }),
    title: ({ workerId, lane }) => `Claim work on ${lane} for ${workerId}`,
    target: ({ workerId }) => ({ kind: "worker", id: workerId, label: workerId }),
  }),
};

import type { PartitionFailure } from "../../../shared/flowfabric/rotation-schema.ts";
import { networkCause } from "../../upstream/network-cause.ts";

/** What a call to Valkey failed with. */
export interface CallProblem extends PartitionFailure {
  /** It may succeed in a moment. */
  passing: boolean;
  /** The server answered with this error; anything else leaves open whether it received the call. */
  answered: boolean;
  /** The call left for a server, as far as is known. */
  sent: boolean;
}

/** A call that failed. Unlike the client's own errors it may be shown and logged: nothing of the call's arguments is in it. */
export class CallError extends Error {
  constructor(readonly problem: CallProblem) {
    super(problem.message);
  }
}

interface Rule {
  pattern: RegExp;
  class: PartitionFailure["class"];
  message: string;
  passing?: boolean;
}

/** Error replies by their first word (flowfabric-admin §3.4, §5.6). */
const replies: readonly Rule[] = [
  {
    pattern: /^ERR Function not found/,
    class: "library",
    message: "The FlowFabric function library is not loaded on this node. ff-server loads it when it starts.",
  },
  {
    pattern: /^WRONGTYPE/,
    class: "storage",
    message: "The key of this partition's keystore holds something else.",
  },
  { pattern: /^LOADING/, class: "unreachable", message: "Valkey is still loading its data.", passing: true },
  { pattern: /^TRYAGAIN/, class: "unreachable", message: "The cluster is moving this slot.", passing: true },
  {
    pattern: /^CLUSTERDOWN/,
    class: "unreachable",
    message: "The cluster is down, at least this slot.",
    passing: true,
  },
  { pattern: /^BUSY/, class: "unreachable", message: "Valkey is busy with a script.", passing: true },
  { pattern: /^MASTERDOWN/, class: "unreachable", message: "The primary is down.", passing: true },
  {
    pattern: /^(MOVED|ASK) /,
    class: "unreachable",
    message: "Another node holds this slot: the address is one of a cluster.",
  },
  { pattern: /^READONLY/, class: "storage", message: "This node is a replica and does not write." },
  { pattern: /^OOM/, class: "storage", message: "Valkey has reached its memory limit and does not write." },
  { pattern: /^MISCONF/, class: "storage", message: "Valkey cannot save to its disk and does not write." },
  { pattern: /^NOREPLICAS/, class: "storage", message: "Valkey has too few replicas and does not write." },
  { pattern: /^NOAUTH/, class: "refused", message: "Valkey wants a password." },
  { pattern: /^WRONGPASS/, class: "refused", message: "Valkey does not accept this user and password." },
  {
    pattern: /^NOPERM.*\bkeys?\b/i,
    class: "refused",
    message: "This user may not touch the keys: ~ff:* is needed.",
  },
  { pattern: /^NOPERM/, class: "refused", message: "This user may not do that." },
  {
    pattern: /^ERR ACL failure in script/,
    class: "refused",
    message: "This user may call the function, and not what the function does.",
  },
  {
    pattern: /^ERR This instance has cluster support disabled/,
    class: "refused",
    message: "This Valkey is no cluster.",
  },
  {
    pattern: /^ERR unknown command/i,
    class: "refused",
    message: "This server knows no functions: it is no Valkey 7.2 or newer.",
  },
];

const cannotBeReached = "Valkey cannot be reached, or the connection broke.";
const didNotAnswer = "Valkey did not answer in time.";

/** Errors of the way there, as the client words them; it keeps to itself what the network said. */
const clientErrors: readonly Rule[] = [
  {
    // What the last node answered is inside, and nobody knows what became of the tries before (flowfabric-admin §3.4).
    pattern: /^Too many Cluster redirections/,
    class: "unreachable",
    message: "The cluster has no node for this slot at the moment: one is down or failing over.",
    passing: true,
  },
  {
    pattern: /^Protocol error/,
    class: "unreachable",
    message: "What answers there is no Valkey, or its answer was damaged on the way.",
  },
  {
    pattern: /Command timed out|Socket timeout|^timeout$/,
    class: "timeout",
    message: didNotAnswer,
    passing: true,
  },
  {
    pattern:
      /Connection is closed|isn't writeable|Connection ended|maxRetriesPerRequest|max retries per request|Cluster isn't ready|ClusterAllFailed|startup nodes|Failed to refresh slots|slots cache/i,
    class: "unreachable",
    message: cannotBeReached,
    passing: true,
  },
];

/** What the network's causes are to a call. */
function networkRule(error: unknown): Omit<Rule, "pattern"> | undefined {
  const kind = networkCause(error);
  if (!kind) return undefined;
  if (kind.cause === "timeout") return { class: "timeout", message: didNotAnswer, passing: true };
  if (kind.cause.startsWith("tls"))
    return { class: "refused", message: kind.message.replace("{address}", "Valkey") };
  return { class: "unreachable", message: cannotBeReached, passing: true };
}

/**
 * Reads an error of the Valkey client. Its own text is never passed on: it may repeat the arguments of the call, and the
 * error object carries them, secret and all.
 */
export function callProblem(error: unknown): CallProblem {
  if (error instanceof CallError) return error.problem;
  const inner = innermost(error);
  const { name, text } = partsOf(inner);
  const isReply = name === "ReplyError" || /^[A-Z]{2,} /.test(text);
  const rule =
    (isReply ? replies : []).concat(clientErrors).find(({ pattern }) => pattern.test(text)) ??
    networkRule(inner) ??
    replies.find(({ pattern }) => pattern.test(text));
  const unknown = isReply ? "Valkey refused the call." : "The call to Valkey failed.";
  const forbidden = rule?.class === "refused" ? forbiddenCommand(text) : undefined;
  return {
    class: rule?.class ?? "refused",
    code: wordOf(text, isReply),
    message: forbidden ?? rule?.message ?? unknown,
    retry: true,
    passing: rule?.passing ?? false,
    answered: isReply,
    sent: true,
  };
}

/** Where a call went. */
export interface CallPlace {
  sent: boolean;
  /** Host and port of the server in a cluster. */
  server?: string | undefined;
  /** What the connection to it last failed with. */
  cause?: unknown;
}

/** What the client threw, with the server that it is about. */
export function callError(error: unknown, { sent, server, cause }: CallPlace): CallError {
  const problem = { ...callProblem(error), sent };
  // The client says that a connection is closed, and keeps to itself why it was not made.
  if (cause !== undefined && !problem.answered && problem.class === "unreachable")
    Object.assign(problem, { ...callProblem(cause), answered: false, sent });
  if (server !== undefined) problem.message = messageAbout(server, problem);
  return new CallError(problem);
}

function messageAbout(server: string, { class: kind, answered, message }: CallProblem): string {
  if (kind === "timeout") return `${server} did not answer in time: it hangs, or is failing over.`;
  if (kind === "unreachable" && !answered)
    return `${server} cannot be reached, or the connection to it broke: it is down, or failing over.`;
  return `${server}: ${message}`;
}

/** A cluster's client says that it got no slots, and keeps why (flowfabric-admin §3.4). */
export function innermost(error: unknown): unknown {
  const { lastNodeError } = (error ?? {}) as { lastNodeError?: unknown };
  return lastNodeError instanceof Error ? innermost(lastNodeError) : error;
}

/** Names the right that is missing; a command's name is all that is taken from the text. */
function forbiddenCommand(text: string): string | undefined {
  const command = /^(?:NOPERM|ERR ACL failure).* run the '([a-z|-]{1,40})' command/.exec(text)?.[1];
  if (command === undefined) return undefined;
  const inside = text.startsWith("ERR ACL") ? " inside the function" : "";
  return `This user may not run ${command.replace("|", " ").toUpperCase()}${inside}: the right +${command} is missing.`;
}

function partsOf(error: unknown): { name: string; text: string } {
  if (!(error instanceof Error)) return { name: "", text: "" };
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return {
    name: error.name,
    text: `${error.message}${code && !error.message.includes(code) ? ` ${code}` : ""}`,
  };
}

function wordOf(text: string, isReply: boolean): string {
  if (isReply) return /^[A-Z]+/.exec(text)?.[0] ?? "ERR";
  return /\bE[A-Z]{4,}\b/.exec(text)?.[0] ?? (/time(d )?out/i.test(text) ? "timeout" : "connection");
}

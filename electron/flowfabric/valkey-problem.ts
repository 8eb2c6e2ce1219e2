import type { PartitionFailure } from "../../shared/flowfabric/rotation-schema.ts";

/** What a call to Valkey failed with. */
export interface CallProblem extends PartitionFailure {
  /** It may succeed in a moment. */
  passing: boolean;
  /** The server answered with this error; anything else leaves open whether it received the call. */
  answered: boolean;
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
  { pattern: /^NOPERM/, class: "refused", message: "This user may not call the function or touch the key." },
  {
    pattern: /^ERR unknown command/i,
    class: "refused",
    message: "This server knows no functions: it is older than Redis 7.",
  },
];

/** Errors of the way there. */
const transport: readonly Rule[] = [
  { pattern: /Command timed out|ETIMEDOUT/, class: "timeout", message: "Valkey did not answer in time." },
  {
    pattern:
      /Connection is closed|isn't writeable|Connection ended|maxRetriesPerRequest|max retries per request|ECONN|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|Cluster isn't ready|ClusterAllFailed|startup nodes|Failed to refresh slots|slots cache/i,
    class: "unreachable",
    message: "Valkey cannot be reached, or the connection broke.",
    passing: true,
  },
  {
    pattern: /certificate|self.signed|SSL|TLS/i,
    class: "refused",
    message: "The certificate of Valkey is not trusted here.",
  },
];

/**
 * Reads an error of the Valkey client. Its own text is never passed on: it may repeat the arguments of the call, and the
 * error object carries them, secret and all.
 */
export function callProblem(error: unknown): CallProblem {
  const { name, text } = partsOf(error);
  const isReply = name === "ReplyError" || /^[A-Z]{2,} /.test(text);
  const rule = (isReply ? replies : []).concat(transport, replies).find(({ pattern }) => pattern.test(text));
  if (!rule)
    return {
      class: "refused",
      code: wordOf(text, isReply),
      message: "Valkey refused the call.",
      retry: true,
      passing: false,
      answered: isReply,
    };
  return {
    class: rule.class,
    code: wordOf(text, isReply),
    message: rule.message,
    retry: true,
    passing: rule.passing ?? false,
    answered: isReply,
  };
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
  return /\bE[A-Z]{4,}\b/.exec(text)?.[0] ?? (/timed out/.test(text) ? "timeout" : "connection");
}

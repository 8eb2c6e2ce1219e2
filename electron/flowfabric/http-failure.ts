import { z } from "zod";
import { Failure, type FailureCode, parseBoundedJson } from "../../shared/contract/index.ts";
import type { HttpAnswer } from "./http-exchange.ts";
import { explainCode, retryClassOf } from "./retry-classes.ts";

/** When the same request may be sent again: our judgement, not the server's `retryable` (flowfabric-admin §1.5, §5.5). */
export type RetryAdvice = "now" | "later" | "check-first" | "never";

/** `details` of a Failure made from a server's answer. */
export interface AnswerDetails {
  status: number;
  kind?: string;
  /** What the server said, which is wrong for many refusals on Valkey. */
  sentRetryable?: boolean;
  scriptCode?: string;
  retry: RetryAdvice;
  /** The server said no: nothing was changed. */
  refused: boolean;
}

const errorBodySchema = z.object({
  error: z.string(),
  kind: z.string().optional(),
  retryable: z.boolean().optional(),
  limit_bytes: z.number().optional(),
  route: z.string().optional(),
});
type ErrorBody = z.infer<typeof errorBodySchema>;

interface Judgement {
  code: FailureCode;
  message: string;
  hint: string;
  retry: RetryAdvice;
  refused: boolean;
}

/** The failure of an answer that is no success, with advice for an operator. Never throws. */
export function answerFailure(answer: HttpAnswer): Failure {
  const body = readErrorBody(answer);
  const scriptCode = scriptCodeOf(body.error);
  const { code, message, hint, retry, refused } = judge(answer.status, body, scriptCode);
  const details: AnswerDetails = {
    status: answer.status,
    ...(body.kind !== undefined && { kind: body.kind }),
    ...(body.retryable !== undefined && { sentRetryable: body.retryable }),
    ...(scriptCode !== undefined && { scriptCode }),
    retry,
    refused,
  };
  return new Failure({
    code,
    message,
    hint,
    details: { ...details },
    upstream: body.error || `status ${answer.status}`,
  });
}

/** The details of a failure that `answerFailure` made. */
export function answerDetails(failure: Failure): AnswerDetails | undefined {
  return typeof failure.details?.status === "number"
    ? (failure.details as unknown as AnswerDetails)
    : undefined;
}

/** Framework rejections and proxies answer with plain text, or with nothing (flowfabric-admin §1.4). */
function readErrorBody({ body }: HttpAnswer): ErrorBody {
  const text = body.toString("utf8").slice(0, 4_000);
  try {
    return errorBodySchema.parse(parseBoundedJson(text));
  } catch {
    return { error: text.trim() };
  }
}

/** Valkey-backed servers wrap refusals as transport errors; the script's code is inside (flowfabric-admin §1.5, §3.7). */
function scriptCodeOf(error: string): string | undefined {
  return (
    /unknown error code: ([a-z_]+)/.exec(error)?.[1] ?? /transport \(valkey\): ([a-z_]+):/.exec(error)?.[1]
  );
}

function judge(status: number, body: ErrorBody, scriptCode: string | undefined): Judgement {
  if (status >= 500) return judgeServerSide(status, body, scriptCode);
  const judged = clientSide[status];
  if (judged) return judged(body);
  if (status >= 400) return refusedJudgement(sentence(body.error, `The server refused (status ${status}).`));
  return {
    code: "upstream_invalid",
    message: `The server answered with the unexpected status ${status}.`,
    hint: "Check that the address leads to an ff-server; a redirect is not followed.",
    retry: "check-first",
    refused: false,
  };
}

function refusedJudgement(
  message: string,
  hint = "Nothing was changed. Correct the request and try again.",
): Judgement {
  return { code: "upstream_refused", message, hint, retry: "never", refused: true };
}

const clientSide: Record<number, (body: ErrorBody) => Judgement> = {
  400: judgeBadRequest,
  401: () => ({
    code: "unauthenticated",
    message: "The server does not accept this token.",
    hint: "Enter the value of its FF_API_TOKEN in the connection's settings.",
    retry: "never",
    refused: true,
  }),
  404: (body) => ({
    code: "not_found",
    message: body.error ? sentence(body.error, "") : "The server has no such route.",
    hint: body.error
      ? "Check the id."
      : "It may be older than this console expects, or a proxy stands in between.",
    retry: "never",
    refused: true,
  }),
  405: () => refusedJudgement("The server does not allow this method here.", "A proxy may stand in between."),
  409: judgeConflict,
  413: ({ limit_bytes: limit }) =>
    refusedJudgement(
      `The request is larger than the server takes${limit === undefined ? "" : ` (${limit} bytes)`}.`,
      "Send less.",
    ),
  415: () => refusedJudgement("The server did not see JSON in the request.", "A proxy may have changed it."),
  422: () =>
    refusedJudgement(
      "The server could not read a field of the request; it does not say which.",
      "It may be another version than this console expects.",
    ),
  429: (body) => ({
    code: "rate_limited",
    message: body.error.includes("admin_rotate")
      ? "Another rotation is running in this server."
      : sentence(body.error, "The server has too much to do."),
    hint: body.error.includes("admin_rotate")
      ? "Wait until it is over. It may be using another key: read the key ids before you send yours again."
      : "Try again in a moment.",
    retry: body.error.includes("admin_rotate") ? "check-first" : "later",
    refused: true,
  }),
};

/** Some answers with 400 are not about the request at all (flowfabric-admin §3.1). */
function judgeBadRequest({ error }: ErrorBody): Judgement {
  if (error.startsWith("rotation failed on all partitions"))
    return {
      ...refusedJudgement(
        "The rotation failed on every partition: Valkey is down, or the key id is in use everywhere.",
      ),
      hint: "HTTP does not say which. Look at the server's health or at the key ids of a partition; after an outage send the same pair again, after a conflict take a fresh key id.",
      retry: "check-first",
    };
  if (error.startsWith("rotation had no partitions"))
    return refusedJudgement(
      sentence(error, ""),
      "Nothing was changed. Correct the server's FF_FLOW_PARTITIONS.",
    );
  if (error.startsWith("admin rotate semaphore closed")) return endingJudgement;
  return refusedJudgement(sentence(error, "The server refused the request."));
}

const endingJudgement: Judgement = {
  code: "unreachable",
  message: "The server is ending.",
  hint: "Nothing was changed. Send the same again when it runs again.",
  retry: "later",
  refused: true,
};

function judgeConflict(body: ErrorBody): Judgement {
  const base = { code: "conflict", refused: true } as const;
  if (body.error.includes("GrantAlreadyExists"))
    return {
      ...base,
      message: "A grant for this execution is alive already.",
      hint: "Wait until it is used or has expired (a minute at most), then try again.",
      retry: "later",
    };
  const contention = body.kind === "contention";
  return {
    ...base,
    message: sentence(body.error, "The server says that this does not fit the present state."),
    hint: contention ? "The state changed meanwhile: look at it again." : "Look at the present state.",
    retry: contention ? "check-first" : "never",
  };
}

function judgeServerSide(status: number, body: ErrorBody, scriptCode: string | undefined): Judgement {
  // Streams are closed first when a server ends; the kind is that of things which a backend never can (flowfabric-admin §1.7.7).
  if (body.error === "backend op unavailable: stream_ops") return endingJudgement;
  if (body.kind === "unavailable")
    return refusedJudgement(
      `The server's backend cannot do this: ${body.error.replace(/^backend op unavailable: /, "")}.`,
      body.error.includes("keystore empty")
        ? "Rotate in a first waitpoint secret: on this backend that is what installs one."
        : "This stays so for this backend; trying again does not help.",
    );
  if (scriptCode !== undefined) return judgeScriptCode(scriptCode, body);
  if (body.kind === "retry_exhausted")
    return {
      ...refusedJudgement("Postgres gave up after several conflicting transactions."),
      hint: "Nothing was changed. Try again in a moment.",
      retry: "later",
    };
  if (status === 504)
    return {
      code: "timeout",
      message: body.error.startsWith("rotation exceeded")
        ? "The server stopped waiting for the rotation; calls that were under way may still finish."
        : "A proxy stopped waiting for the server.",
      hint: "Sending the very same request again is safe for a rotation.",
      retry: "now",
      refused: false,
    };
  return {
    code: "unreachable",
    message:
      status === 500
        ? sentence(body.error, "The server failed inside.")
        : `The server is not available (status ${status}).`,
    hint: "The server's backend may be down, and what was asked may have happened: look at the present state.",
    retry: "check-first",
    refused: false,
  };
}

function judgeScriptCode(scriptCode: string, body: ErrorBody): Judgement {
  const retry = retryClassOf(scriptCode) === "retryable" ? "later" : "never";
  const message = explainCode(scriptCode) ?? sentence(body.error, "The server's script refused.");
  return {
    ...refusedJudgement(message),
    code: scriptCode.endsWith("_not_found") ? "not_found" : "upstream_refused",
    hint:
      retry === "later"
        ? "Nothing was changed. This may pass: try again in a moment."
        : "Nothing was changed, and sending it again does not help, whatever the server's answer says.",
    retry,
  };
}

function sentence(text: string, otherwise: string): string {
  const short = text.replace(/\s+/g, " ").trim().slice(0, 300);
  if (short === "") return otherwise;
  return /[.!?]$/.test(short) ? short : `${short}.`;
}

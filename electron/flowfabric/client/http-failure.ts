import { z } from "zod";
import { asFailure, Failure, parseBoundedJson } from "../../../shared/contract/index.ts";
import type { HttpReply } from "../../upstream/http-messages.ts";
import { judgeClientSide } from "./client-side-judgement.ts";
import { type ErrorBody, type Judgement, type RetryAdvice, sentence, unclearJudgement } from "./judgement.ts";
import { judgeServerSide, scriptCodeOf } from "./server-side-judgement.ts";

/** `details` of a Failure made from a server's answer. */
export interface AnswerDetails {
  status: number;
  kind?: string;
  /** What the server said, which is wrong for many refusals on Valkey. */
  sentRetryable?: boolean;
  scriptCode?: string;
  retry: RetryAdvice;
  /** The server said no, which proves that nothing was changed. */
  refused: boolean;
  /** The server answers, and what keeps its state does not. */
  backendDown?: true;
}

const errorBodySchema = z.object({
  error: z.string(),
  kind: z.string().optional(),
  retryable: z.boolean().optional(),
  limit_bytes: z.number().optional(),
  route: z.string().optional(),
});

type Answer = Pick<HttpReply, "method" | "status" | "body">;

/** The failure of an answer that is no success, with advice for an operator. Never throws. */
export function answerFailure(answer: Answer): Failure {
  const body = readErrorBody(answer);
  const scriptCode = scriptCodeOf(body.error);
  const judged = judge(answer.status, body);
  const { code, message, hint, retry, refused, backendDown } =
    answer.method === "GET" ? asOfReading(judged) : judged;
  const details: AnswerDetails = {
    status: answer.status,
    ...(body.kind !== undefined && { kind: body.kind }),
    ...(body.retryable !== undefined && { sentRetryable: body.retryable }),
    ...(scriptCode !== undefined && { scriptCode }),
    retry,
    refused,
    ...(backendDown && { backendDown }),
  };
  return new Failure({
    code,
    message,
    hint,
    details: { ...details },
    upstream: body.error || `status ${answer.status}`,
  });
}

/** What was only read has changed nothing, and may be read again. */
function asOfReading(judged: Judgement): Judgement {
  if (judged.retry !== "check-first") return judged;
  const hint = judged.backendDown
    ? "Look at the server's Valkey; the next read shows whether it is back."
    : "Read again in a moment; the server's own log may have more.";
  return { ...judged, hint, retry: "later" };
}

/** The details of a failure that `answerFailure` made. */
export function answerDetails(failure: Failure): AnswerDetails | undefined {
  return typeof failure.details?.status === "number"
    ? (failure.details as unknown as AnswerDetails)
    : undefined;
}

/** Takes a 404 for a value, and throws everything else again. */
export function notFoundIs<T>(value: T): (error: unknown) => T {
  return (error) => {
    const failure = asFailure(error);
    if (failure.code !== "not_found") throw failure;
    return value;
  };
}

/** Framework rejections and proxies answer with plain text, or with nothing (flowfabric-admin §1.4). */
function readErrorBody({ body }: Answer): ErrorBody {
  const text = body.toString("utf8").slice(0, 4_000);
  try {
    return errorBodySchema.parse(parseBoundedJson(text));
  } catch {
    return { error: text.trim(), isText: true };
  }
}

function judge(status: number, body: ErrorBody): Judgement {
  if (status >= 500) return judgeServerFailure(status, body);
  if (status >= 400) return judgeClientSide(status, body);
  return unclearJudgement(
    "upstream_invalid",
    `The server answered with the unexpected status ${status}.`,
    "Check that the address leads to an ff-server; a redirect is not followed.",
  );
}

/** What ff-server fails with is JSON; where that was cut or changed on its way, the words that are left are no proof. */
function judgeServerFailure(status: number, body: ErrorBody): Judgement {
  const judged = judgeServerSide(status, body);
  if (!judged.refused || !body.isText) return judged;
  return unclearJudgement("unreachable", sentence(body.error, "The server failed inside."));
}

import type { FailureCode } from "../../../shared/contract/index.ts";

/** When the same request may be sent again: our judgement, not the server's `retryable` (flowfabric-admin §1.5, §5.5). */
export type RetryAdvice = "now" | "later" | "check-first" | "never";

/** The server's error body; text of others is its `error`. */
export interface ErrorBody {
  error: string;
  kind?: string | undefined;
  retryable?: boolean | undefined;
  limit_bytes?: number | undefined;
  route?: string | undefined;
  /** It was no JSON. */
  isText?: true;
}

/** What an answer that is no success means. */
export interface Judgement {
  code: FailureCode;
  message: string;
  hint: string;
  retry: RetryAdvice;
  /** It is a proof that nothing was applied, and nothing will be. */
  refused: boolean;
  /** The server itself is well, but what keeps its state does not answer. */
  backendDown?: true;
}

export function refusedJudgement(
  message: string,
  hint = "Nothing was changed. Correct the request and try again.",
): Judgement {
  return { code: "upstream_refused", message, hint, retry: "never", refused: true };
}

/** It may have been applied, or may still be. */
export function unclearJudgement(code: FailureCode, message: string, hint?: string): Judgement {
  return {
    code,
    message,
    hint: hint ?? "What was asked may have happened: look at the present state before you send it again.",
    retry: "check-first",
    refused: false,
  };
}

export const endingJudgement: Judgement = {
  code: "unreachable",
  message: "The server is shutting down.",
  hint: "Nothing was changed. Send the same again when it runs again.",
  retry: "later",
  refused: true,
};

/** A text of the server as a sentence; the other one where it said nothing. */
export function sentence(text: string, otherwise: string): string {
  const short = text.replace(/\s+/g, " ").trim().slice(0, 300);
  if (short === "") return otherwise;
  return /[.!?]$/.test(short) ? short : `${short}.`;
}

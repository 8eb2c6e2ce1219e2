import { Failure, type FailureCode, parseBoundedJson } from "../../../shared/contract/index.ts";
import type { HttpReply } from "../../upstream/http-messages.ts";

interface Refusal {
  code: FailureCode;
  message: string;
  hint?: string;
  details?: Record<string, unknown>;
}

/**
 * The body of a good answer; throws a Failure for every other one. Handlers answer with tagged JSON, the web framework with
 * plain text or nothing, a proxy with what it likes (forge-jobs §4).
 */
export function goodText(reply: HttpReply, path: string): string {
  if (reply.status === 200) return reply.text;
  const refusal = taggedRefusal(reply) ?? frameworkRefusal(reply, path);
  throw new Failure({
    code: refusal.code,
    message: refusal.message,
    details: { status: reply.status, ...refusal.details },
    ...(refusal.hint !== undefined && { hint: refusal.hint }),
    ...(reply.text !== "" && { upstream: reply.shown() }),
  });
}

/** Whether the server said no before it changed anything, so that the outcome is certain. */
export function isRefusal(failure: Failure): boolean {
  const status = Number(failure.details?.status);
  return status >= 400 && status < 500;
}

/** What stands where a text should; what is no text cannot always be made one. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function taggedRefusal(reply: HttpReply): Refusal | undefined {
  const { contentType, status, text } = reply;
  if (contentType !== "application/json") return undefined;
  let body: unknown;
  try {
    body = parseBoundedJson(text);
  } catch {
    return undefined;
  }
  if (typeof body !== "object" || body === null || !("kind" in body)) return undefined;
  const told = body as Record<string, unknown>;
  const [kind, msg, field] = [textOf(told.kind), textOf(told.msg), textOf(told.field)];
  if (kind === "") return undefined;
  const retryAfter = typeof told.retry_after_secs === "number" ? told.retry_after_secs : 1;
  const said = reply.shown(msg === "" ? kind : msg);
  switch (kind) {
    case "validation":
      // The route's `expr` is called `cron_expr` here (trap 21).
      return {
        code: "upstream_refused",
        message: `The server refused ${field}: ${said}`,
        details: { kind, field },
      };
    case "not_found":
      return { code: "not_found", message: `The server says: ${said}.`, details: { kind } };
    case "conflict":
      return {
        code: "conflict",
        message: `The server's storage is busy: ${said}.`,
        details: { kind, retryable: true },
        hint: "Try again in a moment.",
      };
    case "rate_limited": {
      const wait = `Try again in ${retryAfter} s.`;
      return {
        code: "rate_limited",
        message: "The server takes no more requests for now.",
        details: { kind, retryAfterSeconds: retryAfter },
        hint: wait,
      };
    }
    default:
      return {
        code: codeOfStatus(status),
        message: `The server failed: ${said}.`,
        details: { kind },
        hint: "The server's own log has more.",
      };
  }
}

function frameworkRefusal(reply: HttpReply, path: string): Refusal {
  const { status, contentType, text, location } = reply;
  if ((status === 404 && text === "") || status === 405) {
    return {
      code: "not_found",
      message: `The server has no route ${path}.`,
      details: { missingRoute: true },
      hint: "Its version is older, or the address lacks the path under which it is mounted.",
    };
  }
  if (status >= 300 && status < 400) {
    return {
      code: "upstream_invalid",
      message: `The server redirects to ${location ?? "no address"}; redirects are not followed.`,
      hint: "Use the address of the jobs server itself.",
    };
  }
  if (status === 401)
    return {
      code: "unauthenticated",
      message: "A proxy in front of the server requires authentication.",
      hint: "Set the connection's authentication, or enter its secret again.",
    };
  if (status === 403)
    return {
      code: "upstream_refused",
      message: "A proxy in front of the server forbids this.",
      hint: "Ask whoever keeps the proxy for access.",
    };
  if (status >= 502 && status <= 504)
    return {
      code: "unreachable",
      message: `A proxy answers in the server's place (${status}): the server is not reached.`,
      hint: "Is the server behind it running?",
    };
  const words =
    contentType === "text/plain"
      ? `: ${reply.shown(firstLine(text))}`
      : ` with ${contentType || "no content"}`;
  return { code: codeOfStatus(status), message: `The server answered ${status}${words}`, details: {} };
}

function codeOfStatus(status: number): FailureCode {
  if (status === 429) return "rate_limited";
  return status >= 400 && status < 500 ? "upstream_refused" : "upstream_invalid";
}

function firstLine(text: string): string {
  return text.split("\n")[0]?.slice(0, 300) ?? "";
}

/** An answer that cannot be what the route gives. */
export function unreadable(reply: HttpReply, { path, problem }: { path: string; problem: string }): Failure {
  const isPage = reply.contentType === "text/html";
  return new Failure({
    code: "upstream_invalid",
    message: isPage
      ? `${path} answered with a web page: something else than a jobs server is there.`
      : `The answer of ${path} cannot be read: ${problem}`,
    details: { status: reply.status, contentType: reply.contentType },
    hint: isPage
      ? "Is there a sign-in page of a proxy in front?"
      : "The server may be of a version that is not known here.",
    upstream: reply.shown(),
  });
}

import { Failure } from "../../../shared/contract/index.ts";
import { sentence, withoutOutput } from "./foreign-text.ts";

/** A structured error of a daemon (flux-rpc §2.6). */
export interface ApplicationError {
  type: string;
  help: string;
  error: string;
}

/** The daemon's answer was a plain text: the call failed, the connection is good (flux-rpc §2.5). */
export class ServerError extends Error {
  override readonly name = "ServerError";
}

/** The daemon's answer was a structured error; `result` is what stood beside it. */
export class DaemonApplicationError extends Error {
  override readonly name = "DaemonApplicationError";

  constructor(
    readonly data: ApplicationError,
    readonly result: unknown,
  ) {
    super(data.error || headline(data.help) || "the daemon gave no reason");
  }
}

/** The connection is no good any more: closed, or the other end does not speak as it should (flux-rpc §2.5, fatal). */
export class FatalError extends Error {
  override readonly name = "FatalError";
  /** `lost`: closed or silent; `garbage`: an answer that cannot be understood; `too-large`: one that does not end, or is nobody's. */
  readonly kind: "lost" | "garbage" | "too-large";
  /** Nothing of this call left the console. */
  readonly notSent: boolean;

  constructor(kind: FatalError["kind"], message: string, notSent = false) {
    super(message);
    this.kind = kind;
    this.notSent = notSent;
  }
}

/** The answer was larger than allowed and passed over: the call failed, the connection is good. */
export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";
}

/** No answer within the call's time. */
export class CallTimeout extends Error {
  override readonly name = "CallTimeout";

  constructor(
    message: string,
    /** What to do about it, where there is something better than to wait. */
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** First line of a help text. */
function headline(help: string): string {
  return help.split("\n", 1)[0]?.trim() ?? "";
}

/** Any error of a call to a daemon as a Failure; `details.help` keeps the daemon's long explanation. */
export function daemonFailure(error: unknown, daemon: string): Failure {
  if (error instanceof DaemonApplicationError) return applicationFailure(error, daemon);
  if (error instanceof ServerError) return serverFailure(error, daemon);
  if (error instanceof CallTimeout)
    return new Failure({
      code: "timeout",
      message: sentence(`${daemon} did not answer in time: ${error.message}`),
      hint: error.hint ?? "The daemon may be busy applying a sync. Try again in a minute.",
    });
  if (error instanceof AnswerTooLarge) return tooLarge(error, `${daemon} sent an answer that is too large.`);
  if (error instanceof FatalError) return fatalFailure(error, daemon);
  return error instanceof Failure
    ? error
    : new Failure({ code: "internal", message: "Something went wrong." }, { cause: error });
}

function applicationFailure({ data, message }: DaemonApplicationError, daemon: string): Failure {
  // The headline of such an explanation speaks of manifests, and the cause is another (flux-rpc §3.5).
  if (isOutOfTime(message)) return outOfTime(message, daemon);
  const code = data.type === "missing" ? "not_found" : "upstream_refused";
  return new Failure({
    code,
    message: sentence(`${daemon}: ${withoutOutput(message)}`),
    details: { type: data.type, help: data.help },
    hint: headline(data.help) || undefined,
    upstream: message,
  });
}

function isOutOfTime(message: string): boolean {
  return message.includes("context deadline exceeded");
}

function outOfTime(message: string, daemon: string): Failure {
  return new Failure({
    code: "timeout",
    message: `${daemon} ran out of time while it worked on this.`,
    hint: "Try again; its --rpc-timeout may be too short for this repository.",
    upstream: message,
  });
}

function serverFailure({ message }: ServerError, daemon: string): Failure {
  if (isOutOfTime(message)) return outOfTime(message, daemon);
  return new Failure({
    code: "upstream_refused",
    message: sentence(`${daemon}: ${withoutOutput(message)}`),
    hint: hints.find(([words]) => message.includes(words))?.[1],
    upstream: message,
  });
}

/** What to do about what a daemon only says in its own words. */
const hints: readonly [words: string, hint: string][] = [
  [
    "resource name may not be empty",
    "Daemons can only export when they run with --k8s-allow-namespace; that limits everything else to those namespaces too.",
  ],
  ["read-only git repo", "It runs with --git-readonly: change the manifests in git; it applies them."],
  ["git repo not ready", "Look at the daemon's repository: its state says why."],
  ["does not have valid config", "Give the daemon a repository with --git-url."],
];

function fatalFailure(error: FatalError, daemon: string): Failure {
  if (error.kind === "garbage")
    return new Failure({
      code: "upstream_invalid",
      message: `${daemon} sent an answer that cannot be understood, and was disconnected.`,
      hint: "It connects again by itself. If this comes back, its version may not be what its path says.",
      upstream: error.message,
    });
  if (error.kind === "too-large")
    return tooLarge(error, `${daemon} sent an answer that is too large, and was disconnected.`);
  return new Failure({
    code: "unreachable",
    message: error.notSent
      ? `Cannot contact the Flux daemon ${daemon}: it is not connected.`
      : `The connection to ${daemon} was lost during the call.`,
    details: error.notSent ? { delivered: false } : {},
    hint: "The daemon dials again every 5 seconds. Check that it runs and that its --connect and --token are right.",
    upstream: error.message,
  });
}

function tooLarge({ message: upstream }: Error, message: string): Failure {
  const hint = "Ask for one namespace or one workload, or for images without their tags.";
  return new Failure({ code: "upstream_invalid", message, hint, upstream });
}

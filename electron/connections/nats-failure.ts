import { Failure } from "../../shared/contract/index.ts";
import { withoutHidden } from "./hidden-texts.ts";
import { accessKinds, type FailureKind, networkKinds, tlsKinds } from "./nats-failure-table.ts";

/** What a failure was about: the addresses tried, and texts that must never be shown. */
export interface FailureSubject {
  addresses: readonly string[];
  hidden?: readonly string[];
}

const kinds: readonly FailureKind[] = [...accessKinds, ...tlsKinds, ...networkKinds];
const passing = new Set(["refused", "dns", "network", "closed", "timeout", "limit", "unknown"]);

interface ErrorFacts {
  codes: string[];
  text: string;
}

/** The codes and texts of an error and of those it was made from, innermost first. */
function factsOf(error: unknown, depth = 0): ErrorFacts {
  if (!(error instanceof Error) || depth > 4) return { codes: [], text: String(error ?? "undefined error") };
  const { code, chainedError } = error as { code?: unknown; chainedError?: unknown };
  const inner = chainedError ?? error.cause;
  const deeper = inner === undefined ? { codes: [], text: "" } : factsOf(inner, depth + 1);
  const codes = [...deeper.codes, ...(code === undefined ? [] : [String(code)]), error.name];
  return { codes, text: [error.message, deeper.text].filter((part) => part !== "").join(" - ") };
}

function kindOf({ codes, text }: ErrorFacts): FailureKind | undefined {
  const byCode = (kind: FailureKind) => codes.some((code) => kind.codes?.includes(code));
  const byText = (kind: FailureKind) => kind.text?.test(text) || codes.some((code) => kind.text?.test(code));
  // A hang-up is reported under the code of a refusal: what the text says is more exact.
  const hangUp = networkKinds.find((kind) => kind.cause === "closed" && kind.text?.test(text));
  return hangUp ?? kinds.find(byCode) ?? kinds.find(byText);
}

/** Removes what must not leave: `user:password@` parts and every given secret. */
export function withoutSecrets(text: string, hidden: readonly string[] = []): string {
  return withoutHidden(text, hidden)
    .replace(/\/\/[^\s/]*@/g, "//***@")
    .trim()
    .slice(0, 500);
}

/**
 * Any error of a socket, TLS, DNS, credentials or NATS as a Failure. `details.cause` is one of `refused`, `dns`, `network`,
 * `closed`, `timeout`, `limit`, `not-nats`, `tls…`, `authorization`, `expired`, `permission`, `credentials`, `unknown`.
 */
export function natsFailure(error: unknown, subject: FailureSubject): Failure {
  if (error instanceof Failure) return error;
  const facts = factsOf(error);
  const address = withoutSecrets(subject.addresses.join(", "), subject.hidden);
  const upstream = withoutSecrets(facts.text, subject.hidden);
  const kind = kindOf(facts);
  if (!kind) {
    return new Failure({
      code: "unreachable",
      message: `The connection to ${address} failed.`,
      details: { cause: "unknown", address },
      hint: "Test the connection to see which step fails.",
      upstream,
    });
  }
  return new Failure({
    code: kind.code,
    message: kind.message.replace("{address}", address),
    details: { cause: kind.cause, address },
    hint: kind.hint,
    upstream,
  });
}

/** Whether the cause of a failure may pass by itself, so that trying again makes sense. */
export function mayPass(failure: Failure): boolean {
  return passing.has(String(failure.details?.cause));
}

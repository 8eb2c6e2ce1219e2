import { Failure } from "../../../shared/contract/index.ts";
import { protocolChanged } from "../../sockets/request-contact.ts";

/** No answer in time; without a connection, nothing was sent either. */
export function tooLate(
  base: string,
  timeoutMs: number,
  { connected, reading }: { connected: boolean; reading: boolean },
): Failure {
  const host = hostOf(base);
  const seconds = timeoutMs / 1_000;
  if (!connected)
    return new Failure({
      code: "unreachable",
      message: `${host} could not be connected to within ${seconds} s.`,
      details: { cause: "timeout", timeoutMs, delivered: false },
      hint: "Check the address, TLS, and whether a firewall drops the connection. Nothing was sent.",
    });
  return new Failure({
    code: "timeout",
    message: `${host} did not answer within ${seconds} s.`,
    details: { timeoutMs },
    hint: reading
      ? "Read again in a moment, or raise the connection's request time-out."
      : "It may still be working on the request.",
  });
}

const reasons: Record<string, string> = {
  ECONNREFUSED: "refused the connection",
  ENOTFOUND: "is a name that cannot be resolved",
  EAI_AGAIN: "is a name that cannot be resolved at the moment",
  EHOSTUNREACH: "cannot be reached from here",
  ENETUNREACH: "cannot be reached from here",
  ETIMEDOUT: "cannot be reached from here",
  ECONNRESET: "closed the connection before it answered",
  EPIPE: "closed the connection before it answered",
  [protocolChanged]: "answered that it changes to another protocol than HTTP",
};

/** An error of DNS, socket, TLS or HTTP; without a connection nothing was sent, and a broken one may have carried the request. */
export function noAnswer(error: Error, base: string, connected: boolean): Failure {
  if (error instanceof Failure) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "unknown";
  const certificate = /CERT|SIGNATURE|ALTNAME|SSL|TLS/.test(code);
  const reason = certificate
    ? "has a certificate that is not trusted here"
    : (reasons[code] ?? `failed (${code})`);
  return new Failure(
    {
      code: "unreachable",
      message: `${hostOf(base)} ${reason}.`,
      details: { cause: code, ...(!connected && { delivered: false }) },
      hint: certificate
        ? "Name the authority's certificate in the connection's settings."
        : "Check the address, and whether the server runs.",
    },
    { cause: code },
  );
}

/** Whether the far side closed the connection; a kept one may have been closed just when it was used again. */
export function isReset(error: unknown): boolean {
  return (
    error instanceof Failure && (error.details?.cause === "ECONNRESET" || error.details?.cause === "EPIPE")
  );
}

export function closedFailure(base: string): Failure {
  return new Failure({
    code: "unreachable",
    message: `The connection to ${hostOf(base)} was closed.`,
    details: { delivered: false },
    hint: "Open the connection.",
  });
}

function hostOf(base: string): string {
  return base.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}

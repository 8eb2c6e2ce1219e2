import { Failure, type FailureCode } from "../../../shared/contract/index.ts";
import { withoutSecrets } from "../../connections/nats-failure.ts";

interface Subject {
  /** Of the server, without credentials. */
  address: string;
  /** The connection stood, so that something may have been received. */
  connected: boolean;
  hidden: readonly string[];
  /** The socket had been used before. */
  stale: boolean;
}

interface Kind {
  fits: RegExp;
  cause: string;
  code: FailureCode;
  message: string;
  hint: string;
}

const kinds: readonly Kind[] = [
  {
    fits: /^ECONNREFUSED$/,
    cause: "refused",
    code: "unreachable",
    message: "Nothing listens at {address}.",
    hint: "Is the server running, and is the port right?",
  },
  {
    fits: /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/,
    cause: "dns",
    code: "unreachable",
    message: "The host name of {address} is not known.",
    hint: "Check the host name and DNS.",
  },
  {
    fits: /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/,
    cause: "tls",
    code: "unreachable",
    message: "The certificate of {address} is not trusted.",
    hint: "Name the authority's file in the connection, or use the name that the certificate is for.",
  },
  {
    fits: /^(EPROTO|ERR_SSL_.*)$/,
    cause: "tls",
    code: "unreachable",
    message: "{address} does not speak TLS.",
    hint: "Is it http:// instead of https://?",
  },
  {
    fits: /^(HPE_|PROTOCOL_CHANGED$)/,
    cause: "not-http",
    code: "upstream_invalid",
    message: "{address} does not speak HTTP, or only over TLS.",
    hint: "Check the address; is it https:// instead of http://?",
  },
  {
    fits: /^(TIMEOUT|ETIMEDOUT)$/,
    cause: "timeout",
    code: "timeout",
    message: "{address} did not answer in time.",
    hint: "Wait and read again, or raise the connection's request time-out.",
  },
  {
    fits: /^TOO_LARGE$/,
    cause: "limit",
    code: "upstream_invalid",
    message: "The answer of {address} is larger than the console reads.",
    hint: "Ask for fewer rows.",
  },
  {
    fits: /^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE)$/,
    cause: "closed",
    code: "unreachable",
    message: "{address} closed the connection without an answer.",
    hint: "The server may have stopped or failed in the middle. Read the state again.",
  },
];

const other: Kind = {
  fits: /./,
  cause: "network",
  code: "unreachable",
  message: "{address} cannot be reached.",
  hint: "Test the connection to see which step fails.",
};

/** An error of DNS, socket, TLS or HTTP as a Failure; `details.delivered` is false when nothing can have been received. */
export function transportFailure(error: unknown, subject: Subject): Failure {
  if (error instanceof Failure) return error;
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  const kind = kinds.find(({ fits }) => fits.test(code)) ?? other;
  const text = error instanceof Error ? error.message : String(error);
  return new Failure({
    code: kind.code === "timeout" && !subject.connected ? "unreachable" : kind.code,
    message: kind.message.replace("{address}", subject.address),
    details: {
      cause: kind.cause,
      address: subject.address,
      ...(!subject.connected && { delivered: false }),
      ...(subject.stale && kind.cause === "closed" && { staleSocket: true }),
    },
    hint: kind.hint,
    upstream: withoutSecrets(text, subject.hidden),
  });
}

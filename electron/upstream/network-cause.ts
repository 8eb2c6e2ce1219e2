import { Failure, type FailureCode } from "../../shared/contract/index.ts";
import { withoutSecrets } from "./hidden-texts.ts";

/** One cause of a failure: how it is recognised and what is said about it. */
export interface FailureKind {
  cause: string;
  code: FailureCode;
  /** Matches one of the error's codes, or what it says. */
  matches: RegExp;
  /** `{address}` is replaced. */
  message: string;
  hint: string;
}

/** Encryption and certificates; the codes are those of Node and OpenSSL (and BoringSSL inside Electron). */
const tlsKinds: readonly FailureKind[] = [
  {
    cause: "tls-untrusted",
    code: "unreachable",
    matches:
      /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?)|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED|INVALID_CA)$/,
    message: "The certificate of {address} is not signed by an authority that is trusted here.",
    hint: "Name the CA file that signed the server's certificate in the connection's TLS settings.",
  },
  {
    cause: "tls-hostname",
    code: "unreachable",
    matches: /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    message: "The certificate of {address} was issued for other names.",
    hint: "Use an address that the certificate names, or have the certificate reissued.",
  },
  {
    cause: "tls-expired",
    code: "unreachable",
    matches: /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/,
    message: "The certificate of {address} is not valid at this time.",
    hint: "Renew the server's certificate, and compare the clocks of both machines.",
  },
  {
    cause: "tls-certificate",
    code: "unauthenticated",
    matches:
      /^ERR_SSL_.*(CERTIFICATE_(REQUIRED|EXPIRED|UNKNOWN)|(BAD|UNSUPPORTED)_CERTIFICATE|ALERT_UNKNOWN_CA)$|alert (bad certificate|certificate required|unknown ca|certificate expired|certificate unknown)/i,
    message: "{address} does not accept the client certificate, or there is none.",
    hint: "Name a client certificate and its key, signed by an authority that the server trusts.",
  },
  {
    cause: "tls-unavailable",
    code: "unreachable",
    // What fails while it is written has the code of the system (EPROTO), and says this only in its text.
    matches:
      /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNSUPPORTED_PROTOCOL)$|wrong version number|packet length too long|unsupported protocol/,
    message: "{address} offers no TLS, but this connection demands it.",
    hint: "Use an address without TLS, or switch TLS on at the server.",
  },
  {
    cause: "tls-files",
    code: "invalid_input",
    matches:
      /^ERR_OSSL_(PEM_|X509_|EVP_|BAD_DECRYPT|UNSUPPORTED)|^ERR_MISSING_PASSPHRASE$|\bPEM (routines|lib)\b|no start line|key values mismatch|bad decrypt/,
    message: "The certificate or key files of this connection cannot be used.",
    hint: "Give PEM files without a passphrase, with the key that belongs to the certificate.",
  },
  {
    cause: "tls",
    code: "unreachable",
    matches: /^(TLS|EPROTO|ERR_SSL_.*|ERR_TLS_.*)$|\bSSL routines\b/,
    message: "The encrypted connection to {address} cannot be made.",
    hint: "Check the TLS settings on both sides.",
  },
];

/** A hang-up is reported under the code of a refusal: what the text says is more exact. */
const hangUp = /undefined error|socket hang up/;

/** Networks, names and what listens there; the codes are those of Node and of the clients that are built on it. */
const networkKinds: readonly FailureKind[] = [
  {
    cause: "closed",
    code: "unreachable",
    matches: /^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|DISCONNECT|CONNECTION_CLOSED)$/,
    message: "{address} closed the connection without an answer.",
    hint: "Check that the right server listens there, that it did not stop or fail, and that no proxy stands in between.",
  },
  {
    cause: "refused",
    code: "unreachable",
    matches: /^(ECONNREFUSED|CONNECTION_REFUSED)$/,
    message: "Nothing accepts connections at {address}.",
    hint: "Check host and port, that the server runs, and that a tunnel or port-forward is still up.",
  },
  {
    cause: "dns",
    code: "unreachable",
    matches: /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|ENODATA)$/,
    message: "The host name of {address} cannot be resolved.",
    hint: "Check the spelling, and the VPN or DNS that knows this name.",
  },
  {
    cause: "network",
    code: "unreachable",
    matches: /^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/,
    message: "There is no route to {address}.",
    hint: "Check the network and the VPN of this machine.",
  },
  {
    cause: "timeout",
    code: "timeout",
    matches: /^(TIMEOUT|CONNECTION_TIMEOUT|ETIMEDOUT|ERR_SOCKET_CONNECTION_TIMEOUT)$|handshake has timed out/,
    message: "{address} did not answer in time.",
    hint: "Check that the right server listens there, and that no firewall drops the packets.",
  },
];

const unknown: FailureKind = {
  cause: "unknown",
  code: "unreachable",
  matches: /./,
  message: "The connection to {address} failed.",
  hint: "Test the connection to see which step fails.",
};

const general: readonly FailureKind[] = [...tlsKinds, ...networkKinds];

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

function kindIn({ codes, text }: ErrorFacts, dialect: readonly FailureKind[]): FailureKind | undefined {
  if (hangUp.test(text)) return networkKinds.find(({ cause }) => cause === "closed");
  return [...dialect, ...general].find(({ matches }) => [...codes, text].some((part) => matches.test(part)));
}

/** What an error of DNS, socket, TLS or of a system's own dialect is; undefined for one that is in no table. */
export function networkCause(error: unknown, dialect: readonly FailureKind[] = []): FailureKind | undefined {
  return error instanceof Error ? kindIn(factsOf(error), dialect) : undefined;
}

interface Subject {
  /** What was to be reached; a user part is not shown. */
  address: string;
  /** Texts that must never be shown. */
  hidden?: readonly string[] | undefined;
  /** What the system's own client or server says beyond the network; looked through first. */
  dialect?: readonly FailureKind[];
  details?: Record<string, unknown>;
}

/** The same failure of a network, in the same sentence with the same next step whichever system is behind it; `details.cause` names it. */
export function networkFailure(error: unknown, subject: Subject): Failure {
  if (error instanceof Failure) return error;
  const facts = factsOf(error);
  const kind = kindIn(facts, subject.dialect ?? []) ?? unknown;
  const address = withoutSecrets(subject.address, subject.hidden);
  return new Failure({
    code: kind.code,
    message: kind.message.replace("{address}", () => address),
    details: { cause: kind.cause, address, ...subject.details },
    hint: kind.hint,
    upstream: withoutSecrets(facts.text, subject.hidden),
  });
}

const listeningKinds: readonly FailureKind[] = [
  {
    cause: "in-use",
    code: "unreachable",
    matches: /^EADDRINUSE$/,
    message: "{address} cannot be opened: another program uses this port.",
    hint: "Choose another port, or end the program that uses it.",
  },
  {
    cause: "not-permitted",
    code: "unreachable",
    matches: /^(EACCES|EPERM)$/,
    message: "{address} cannot be opened: this user may not open it.",
    hint: "Choose a port above 1023, or start Switchyard as a user who may.",
  },
  {
    cause: "no-such-address",
    code: "unreachable",
    matches: /^EADDRNOTAVAIL$/,
    message: "{address} cannot be opened: this machine does not have that address.",
    hint: "Choose an address of this machine.",
  },
];

/** Why a port of this machine could not be opened. */
export function listeningFailure(error: unknown, { host, port }: { host: string; port: number }): Failure {
  return networkFailure(error, {
    address: `${host}:${port}`,
    dialect: listeningKinds,
    details: { delivered: false },
  });
}

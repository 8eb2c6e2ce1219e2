import type { FailureCode } from "../../shared/contract/index.ts";

/** One kind of trouble: how it is recognised and what is said about it; `{address}` is replaced. */
export interface FailureKind {
  cause: string;
  code: FailureCode;
  codes?: readonly string[];
  text?: RegExp;
  message: string;
  hint: string;
}

const untrusted = [
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "INVALID_CA",
];
const noTlsThere = [
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
  "EPROTO",
];

/** Encryption and certificates; the codes are those of Node and OpenSSL (and BoringSSL inside Electron). */
export const tlsKinds: readonly FailureKind[] = [
  {
    cause: "tls-untrusted",
    code: "unreachable",
    codes: untrusted,
    message: "The certificate of {address} is not signed by an authority that is trusted here.",
    hint: "Name the CA file that signed the server's certificate in the connection's TLS settings.",
  },
  {
    cause: "tls-hostname",
    code: "unreachable",
    codes: ["ERR_TLS_CERT_ALTNAME_INVALID", "HOSTNAME_MISMATCH"],
    message: "The certificate of {address} was issued for other names.",
    hint: "Use an address that the certificate names, or have the certificate reissued.",
  },
  {
    cause: "tls-expired",
    code: "unreachable",
    codes: ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"],
    message: "The certificate of {address} is not valid at this time.",
    hint: "Renew the server's certificate, and compare the clocks of both machines.",
  },
  {
    cause: "tls-certificate",
    code: "unauthenticated",
    codes: [
      "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
      "ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED",
      "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE",
      "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
      "ERR_SSL_TLSV1_BAD_CERTIFICATE",
      "ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED",
      "ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN",
      "ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    ],
    text: /alert (bad certificate|certificate required|unknown ca|certificate expired|certificate unknown)/i,
    message: "{address} does not accept the client certificate, or there is none.",
    hint: "Name a client certificate and its key, signed by an authority that the server trusts.",
  },
  {
    cause: "tls-unavailable",
    code: "unreachable",
    codes: ["SERVER_OPT_NA", ...noTlsThere],
    message: "{address} offers no TLS, but this connection demands it.",
    hint: "Use nats:// without certificates, switch TLS on at the server, or check handshake-first.",
  },
  {
    cause: "tls-files",
    code: "invalid_input",
    codes: [
      "ERR_OSSL_PEM_NO_START_LINE",
      "ERR_OSSL_X509_KEY_VALUES_MISMATCH",
      "ERR_OSSL_EVP_UNSUPPORTED",
      "ERR_OSSL_BAD_DECRYPT",
      "ERR_MISSING_PASSPHRASE",
      "ERR_OSSL_UNSUPPORTED",
    ],
    text: /PEM|key values mismatch|bad decrypt|KEY_VALUES_MISMATCH/,
    message: "The certificate or key files of this connection cannot be used.",
    hint: "Give PEM files without a passphrase, with the key that belongs to the certificate.",
  },
  {
    cause: "tls",
    code: "unreachable",
    codes: ["TLS"],
    text: /^ERR_SSL_|^ERR_TLS_|\bSSL routines\b/,
    message: "The encrypted connection to {address} cannot be made.",
    hint: "Check the TLS settings on both sides.",
  },
];

/** Sign-in and permissions, as nats-server words them. */
export const accessKinds: readonly FailureKind[] = [
  {
    cause: "expired",
    code: "unauthenticated",
    codes: ["AUTHENTICATION_EXPIRED", "ACCOUNT_EXPIRED"],
    message: "The credentials for {address} have expired.",
    hint: "Have new credentials issued and put them into the connection.",
  },
  {
    cause: "authorization",
    code: "unauthenticated",
    codes: ["AUTHORIZATION_VIOLATION", "BAD_AUTHENTICATION", "AUTHENTICATION_TIMEOUT"],
    message: "{address} does not accept these credentials.",
    hint: "Check the user, password, token or key, and that they have not expired or been revoked.",
  },
  {
    cause: "permission",
    code: "upstream_refused",
    codes: ["PERMISSIONS_VIOLATION"],
    message: "The user of this connection may not do that on {address}.",
    hint: "Have the subject added to the user's permissions.",
  },
  {
    cause: "credentials",
    code: "invalid_input",
    codes: ["BAD_CREDS", "NKeysError"],
    text: /nkeys|invalid (seed|checksum|encoding|prefix)/i,
    message: "The credentials of this connection are malformed.",
    hint: "Use the .creds file or the seed exactly as it was issued.",
  },
  {
    cause: "limit",
    code: "unreachable",
    text: /maximum .{0,40}connections exceeded/i,
    message: "{address} has reached its limit of connections.",
    hint: "It is tried again by itself; raise the limit or close other clients.",
  },
];

/** Networks, names and what listens there. */
export const networkKinds: readonly FailureKind[] = [
  {
    cause: "closed",
    code: "unreachable",
    codes: ["ECONNRESET", "EPIPE", "ECONNABORTED", "DISCONNECT", "CONNECTION_CLOSED"],
    text: /undefined error|socket hang up/,
    message: "{address} closed the connection at once.",
    hint: "Check that a NATS server listens there, and that no proxy stands in between.",
  },
  {
    cause: "refused",
    code: "unreachable",
    codes: ["ECONNREFUSED", "CONNECTION_REFUSED"],
    message: "Nothing accepts connections at {address}.",
    hint: "Check host and port, that nats-server runs, and that a tunnel or port-forward is still up.",
  },
  {
    cause: "dns",
    code: "unreachable",
    codes: ["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "ENODATA"],
    message: "The host name of {address} cannot be resolved.",
    hint: "Check the spelling, and the VPN or DNS that knows this name.",
  },
  {
    cause: "network",
    code: "unreachable",
    codes: ["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "EADDRNOTAVAIL"],
    message: "There is no route to {address}.",
    hint: "Check the network and the VPN of this machine.",
  },
  {
    cause: "timeout",
    code: "timeout",
    codes: ["TIMEOUT", "CONNECTION_TIMEOUT", "ETIMEDOUT", "ERR_SOCKET_CONNECTION_TIMEOUT"],
    text: /handshake has timed out/,
    message: "{address} did not answer in time.",
    hint: "Check that it is a NATS server and not another service, and that no firewall drops the packets.",
  },
  {
    cause: "not-nats",
    code: "upstream_invalid",
    codes: ["HPE_INVALID_CONSTANT", "HPE_INVALID_VERSION"],
    text: /unexpected response from server|Unexpected server response: \d+|^Parse Error/i,
    message: "{address} is not a NATS server, or not of this kind.",
    hint: "nats:// addresses (usually port 4222) and ws:// ones (usually 4223 or 443) are different ports.",
  },
];

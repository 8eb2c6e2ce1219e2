import type { Failure } from "../../shared/contract/index.ts";
import { type FailureKind, networkFailure } from "../upstream/network-cause.ts";

/** What a failure was about: the addresses tried, and texts that must never be shown. */
export interface FailureSubject {
  addresses: readonly string[];
  hidden?: readonly string[];
}

/** Sign-in, permissions and greetings, as nats-server and its clients word them. */
const dialect: readonly FailureKind[] = [
  {
    cause: "expired",
    code: "unauthenticated",
    matches: /^(AUTHENTICATION_EXPIRED|ACCOUNT_EXPIRED)$/,
    message: "The credentials for {address} have expired.",
    hint: "Have new credentials issued and put them into the connection.",
  },
  {
    cause: "authorization",
    code: "unauthenticated",
    matches: /^(AUTHORIZATION_VIOLATION|BAD_AUTHENTICATION|AUTHENTICATION_TIMEOUT)$/,
    message: "{address} does not accept these credentials.",
    hint: "Check the user, password, token or key, and that they have not expired or been revoked.",
  },
  {
    cause: "permission",
    code: "upstream_refused",
    matches: /^PERMISSIONS_VIOLATION$/,
    message: "The user of this connection may not do that on {address}.",
    hint: "Have the subject added to the user's permissions.",
  },
  {
    cause: "credentials",
    code: "invalid_input",
    matches: /^(BAD_CREDS|NKeysError)$|nkeys|invalid (seed|checksum|encoding|prefix)/i,
    message: "The credentials of this connection are malformed.",
    hint: "Use the .creds file or the seed exactly as it was issued.",
  },
  {
    cause: "limit",
    code: "unreachable",
    matches: /maximum .{0,40}connections exceeded/i,
    message: "{address} has reached its limit of connections.",
    hint: "It is tried again by itself; raise the limit or close other clients.",
  },
  {
    cause: "tls-unavailable",
    code: "unreachable",
    matches: /^(SERVER_OPT_NA|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG)$/,
    message: "{address} offers no TLS, but this connection demands it.",
    hint: "Use nats:// without certificates, switch TLS on at the server, or check handshake-first.",
  },
  {
    cause: "not-nats",
    code: "upstream_invalid",
    matches:
      /^HPE_INVALID_(CONSTANT|VERSION)$|unexpected response from server|Unexpected server response: \d+|^Parse Error/i,
    message: "{address} is not a NATS server, or not of this kind.",
    hint: "nats:// addresses (usually port 4222) and ws:// ones (usually 4223 or 443) are different ports.",
  },
];

const passing = new Set(["refused", "dns", "network", "closed", "timeout", "limit", "unknown"]);

/**
 * Any error of a socket, TLS, DNS, credentials or NATS as a Failure; `details.cause` is one of the network's, or `limit`,
 * `not-nats`, `authorization`, `expired`, `permission`, `credentials`.
 */
export function natsFailure(error: unknown, { addresses, hidden }: FailureSubject): Failure {
  return networkFailure(error, { address: addresses.join(", "), hidden, dialect });
}

/** Whether the cause of a failure may pass by itself, so that trying again makes sense. */
export function mayPass(failure: Failure): boolean {
  return passing.has(String(failure.details?.cause));
}

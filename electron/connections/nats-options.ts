import type { ConnectionOptions } from "nats";
import type { LatticeTarget } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { readCertificates } from "./files.ts";

/** How long one address may take to answer, in milliseconds. */
export const connectTimeoutMs = 5_000;

/** Whether the addresses are websocket ones. Throws `invalid_input` for a mixture: one client speaks one of them. */
export function usesWebsocket(addresses: readonly string[]): boolean {
  const websockets = addresses.filter((address) => /^wss?:/.test(address)).length;
  if (websockets === 0) return false;
  if (websockets === addresses.length) return true;
  throw new Failure({
    code: "invalid_input",
    message: "The addresses mix NATS sockets with websockets.",
    details: { cause: "addresses", addresses: [...addresses] },
    hint: "Use only nats:// and tls:// addresses, or only ws:// and wss:// ones.",
  });
}

function requireCertificates(tls: LatticeTarget["tls"]): void {
  if ((tls.certificateFile === undefined) !== (tls.keyFile === undefined)) {
    throw new Failure({
      code: "invalid_input",
      message: "A client certificate needs both its certificate file and its key file.",
      details: { cause: "file" },
      hint: "Name both files, or neither.",
    });
  }
  readCertificates(tls);
}

/** Whether the person asked for TLS; `nats` itself ignores the scheme of an address. */
export function asksForTls(target: LatticeTarget): boolean {
  const { caFile, certificateFile, handshakeFirst } = target.tls;
  const bySetting = caFile !== undefined || certificateFile !== undefined || handshakeFirst === true;
  return bySetting || target.addresses.some((address) => /^(tls|wss):/.test(address));
}

function tlsOptions(tls: LatticeTarget["tls"]): NonNullable<ConnectionOptions["tls"]> {
  return {
    // The transport reads them, again for each socket.
    ...(tls.caFile && { caFile: tls.caFile }),
    ...(tls.certificateFile && { certFile: tls.certificateFile }),
    ...(tls.keyFile && { keyFile: tls.keyFile }),
    ...(tls.handshakeFirst && { handshakeFirst: true }),
  };
}

/**
 * The options that both clients take, without the sign-in. Checks addresses and files first, so that their problems are
 * named; throws `invalid_input`.
 */
export function natsOptions(target: LatticeTarget, name: string): ConnectionOptions {
  const websocket = usesWebsocket(target.addresses);
  requireCertificates(target.tls);
  return {
    servers: target.addresses,
    name,
    timeout: connectTimeoutMs,
    maxReconnectAttempts: -1,
    // Two unanswered pings end a half-open connection within a minute.
    pingInterval: 20_000,
    maxPingOut: 2,
    ...(target.inboxPrefix !== undefined && { inboxPrefix: target.inboxPrefix }),
    ...(!websocket && asksForTls(target) && { tls: tlsOptions(target.tls) }),
  };
}

import type { Server } from "node:http";
import type { Socket } from "node:net";

/** What Node tells of a connection that never became a request. */
export type ConnectionError = NodeJS.ErrnoException & { rawPacket?: Buffer };

/**
 * Why somebody did not get as far as a request, for the list of those who knocked in vain; undefined for whoever only hung
 * up, which is nothing wrong. A daemon cannot be told of an own certificate authority (flux-rpc §1.4), so that a
 * certificate that it does not trust is what an operator will meet most.
 */
export function brokenReason({ code = "", rawPacket }: ConnectionError): string | undefined {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT" || code === "ERR_TLS_HANDSHAKE_TIMEOUT") return "no token in time";
  if (code === "ERR_SSL_HTTP_REQUEST") return "it spoke without TLS: it has to connect with wss://";
  if (/^ERR_SSL_.*ALERT_.*(CERT|UNKNOWN_CA)/.test(code)) return "it does not trust the certificate";
  if (code.startsWith("ERR_SSL_")) return "the TLS handshake failed";
  if (rawPacket?.[0] === tlsHandshake)
    return "it spoke TLS: without a certificate here, it has to connect with ws://";
  return code === "ECONNRESET" || code === "EPIPE" ? undefined : "not a request";
}

/** First byte of what a TLS client sends. */
const tlsHandshake = 0x16;

/** Tells who began a TLS handshake and left in the middle of it; somebody who sent nothing only looked whether the port is open. */
export function onHandshakeLeft(server: Server, tell: (remoteAddress: string | undefined) => void): void {
  // The socket that Node tells of afterwards knows its address no more.
  const begun = new Map<string, string | undefined>();
  const nameOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
  server.on("connection", (socket) => {
    const name = nameOf(socket);
    begun.set(name, socket.remoteAddress);
    socket.once("close", () => {
      const address = begun.get(name);
      if (begun.delete(name) && socket.bytesRead > 0) tell(address);
    });
  });
  for (const event of ["secureConnection", "tlsClientError"] as const)
    server.on(event, (...parameters: unknown[]) => begun.delete(nameOf(parameters.at(-1) as Socket)));
}

import { WebSocket as NodeWebSocket } from "ws";
import type { LatticeTarget } from "../../shared/connections/schema.ts";
import { allowedLookup, requireAllowedHost } from "../upstream/addresses.ts";
import { readCertificates } from "./files.ts";

/** The sockets of one connection: `ws` does for Node 18 what browsers do, and takes certificates. */
export interface WebsocketTransport {
  factory(address: string): Promise<{ socket: WebSocket; encrypted: boolean }>;
  /** The error of the newest socket with its code, which nats.ws turns into text. */
  lastError(): Error | undefined;
  /** Ends sockets that never became a connection. */
  abandon(): void;
}

/** Makes the socket factory for ws:// and wss:// addresses; certificate files are read again for each socket. */
export function websocketTransport(tls: LatticeTarget["tls"], timeoutMs: number): WebsocketTransport {
  let newest: NodeWebSocket | undefined;
  let error: Error | undefined;
  return {
    async factory(address) {
      requireAllowedHost(new URL(address).hostname);
      const options = {
        ...readCertificates(tls),
        lookup: allowedLookup,
        handshakeTimeout: timeoutMs,
        perMessageDeflate: false,
        // Node 18 would try only the first address of a name, which for localhost may be ::1.
        autoSelectFamily: true,
      };
      const socket = new NodeWebSocket(address, options);
      error = undefined;
      newest = socket;
      socket.on("error", (cause) => {
        error = cause;
      });
      return { socket: socket as unknown as WebSocket, encrypted: address.startsWith("wss:") };
    },
    lastError: () => error,
    abandon: () => newest?.terminate(),
  };
}

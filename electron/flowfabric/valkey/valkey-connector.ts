import { createConnection, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { AbstractConnector } from "iovalkey";
import { allowedLookup, requireAllowedHost } from "../../upstream/addresses.ts";
import { ReplyBounds } from "./reply-bounds.ts";

interface Endpoint {
  host?: string;
  port?: number;
  family?: number;
  tls?: ConnectionOptions;
  disconnectTimeout?: number;
}

const disconnectMs = 2_000;

/** Makes the sockets of Valkey clients, those to the nodes of which a cluster tells too, and none to where none may go. */
export class AllowedConnector extends AbstractConnector {
  private readonly endpoint: Endpoint;

  constructor(options: unknown) {
    const endpoint = options as Endpoint;
    super(endpoint.disconnectTimeout ?? disconnectMs);
    this.endpoint = endpoint;
  }

  override async connect() {
    this.connecting = true;
    // The client's own connector waits as well: whoever disconnects at once wants no socket.
    await Promise.resolve();
    if (!this.connecting) throw new Error("Connection is closed.");
    const { host = "localhost", port = 6379, family, tls } = this.endpoint;
    requireAllowedHost(host);
    const place = { host, port, ...(family !== undefined && { family }), lookup: allowedLookup };
    const stream = tls ? connectTls({ ...place, ...tls }) : createConnection(place);
    endOnUnreadable(stream);
    stream.once("error", (error) => {
      this.firstError = error;
    });
    this.stream = stream;
    return stream;
  }
}

/**
 * Ends a connection on which something arrives that the client cannot read. Its parser runs where the data arrives, so that
 * what it throws would be an error of the process, and would leave the calls under way without an end.
 */
function endOnUnreadable(stream: Socket): void {
  const bounds = new ReplyBounds();
  const emit = stream.emit.bind(stream) as (event: string | symbol, ...values: unknown[]) => boolean;
  stream.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    if (event !== "data") return emit(event, ...values);
    if (stream.destroyed) return false;
    try {
      bounds.take(values[0] as Buffer);
      return emit(event, ...values);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error("Protocol error"));
      return false;
    }
  };
}

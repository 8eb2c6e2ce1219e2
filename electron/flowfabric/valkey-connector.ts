import { createConnection } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { AbstractConnector } from "iovalkey";
import { allowedLookup, requireAllowedHost } from "../connections/addresses.ts";

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
    this.stream = tls ? connectTls({ ...place, ...tls }) : createConnection(place);
    this.stream.once("error", (error) => {
      this.firstError = error;
    });
    return this.stream;
  }
}

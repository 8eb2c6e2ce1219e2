import { lookup } from "node:dns/promises";
import { createConnection, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ConnectionOptions, ServerInfo } from "nats";
import { setTransportFactory } from "nats/lib/nats-base-client/internal_mod.js";
import { NodeTransport } from "nats/lib/src/node_transport.js";
import { allowedLookup, requireAllowedHost } from "../upstream/addresses.ts";
import { readSettingsFile } from "./files.ts";

interface Endpoint {
  hostname: string;
  port: number;
  tlsName: string;
}

/**
 * The socket transport of `nats`, with repairs: an attempt that timed out leaves no open socket behind,
 * a certificate is checked against the address when that is an IP (the original checks the name `localhost`),
 * names are resolved the way the rest of the system does it, no socket goes where none may go (servers tell of others),
 * and of files only what can be one of a connection is read.
 */
class CarefulTransport extends NodeTransport {
  private pending: Socket | undefined;
  private address = "";

  override async connect(endpoint: Endpoint, options: ConnectionOptions): Promise<void> {
    this.address = endpoint.hostname;
    // Given a socket, the TLS-first path of the original uses it, so that this one can be ended as well.
    if (options.tls?.handshakeFirst) this.socket = await this.dial(endpoint);
    return super.connect(endpoint, this.checkingAddress(options));
  }

  override dial(endpoint: { hostname: string; port: number }): Promise<Socket> {
    return new Promise((resolve, reject) => {
      requireAllowedHost(endpoint.hostname);
      const socket = createConnection({
        port: endpoint.port,
        host: endpoint.hostname,
        lookup: allowedLookup,
      });
      this.pending = socket;
      socket.setNoDelay(true);
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.removeAllListeners();
        resolve(socket);
      });
    });
  }

  override async loadFile(file: string): Promise<Buffer> {
    return readSettingsFile("TLS file", file);
  }

  /** A server that will want a certificate is left at once; its own refusal can get lost in the reset that follows. */
  override async peekInfo(): Promise<ServerInfo> {
    const info = await super.peekInfo();
    if (info.tls_verify && !this.options.tls?.certFile) {
      const code = "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED";
      throw Object.assign(new Error("the server demands a client certificate"), { code });
    }
    return info;
  }

  override startTLS(): Promise<TLSSocket> {
    this.options = this.checkingAddress({ ...this.options, tls: this.options.tls ?? {} });
    return super.startTLS();
  }

  override async close(error?: Error): Promise<void> {
    await super.close(error);
    if (!this.connected) this.pending?.destroy();
  }

  /** Node compares the certificate with `host` when there is no server name, which is so for IP addresses. */
  private checkingAddress(options: ConnectionOptions): ConnectionOptions {
    if (!options.tls) return options;
    const tls: ConnectionOptions["tls"] & { host: string } = { ...options.tls, host: this.address };
    return { ...options, tls };
  }
}

/** Makes `nats` use the repaired transport; cheap, and to be called again before each dial because the setting is global. */
export function installNodeTransport(): void {
  setTransportFactory({
    factory: () => new CarefulTransport(),
    dnsResolveFn: async (name) => (await lookup(name, { all: true })).map((found) => found.address),
  });
}

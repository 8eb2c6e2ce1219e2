import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How to start a nats-server; certificates are given as PEM text or as paths. */
export interface NatsServerOptions {
  /** The client port; a free one when absent. */
  port?: number;
  /** Also listen for websockets, on this port or on a free one when `true`. */
  websocket?: boolean | number;
  user?: string;
  password?: string;
  token?: string;
  /** Public user nkeys (`U…`) that may connect. */
  nkeys?: string[];
  tls?: { certificate: string; key: string; authority?: string; verifyClients?: boolean };
  jetStream?: boolean;
  /** The domain of JetStream, by which it can be reached beside its own name. */
  jetStreamDomain?: string | undefined;
  maxPayload?: number;
  /** Further lines for the configuration file, in its own language. */
  extraConfiguration?: string;
}

export interface NatsServerPorts {
  port: number;
  websocketPort?: number;
}

function filePath(folder: string, name: string, textOrPath: string): string {
  if (!textOrPath.includes("-----BEGIN")) return textOrPath;
  const path = join(folder, name);
  writeFileSync(path, textOrPath, { mode: 0o600 });
  return path;
}

function block(name: string, lines: (string | undefined)[]): string {
  return [`${name} {`, ...lines.filter((line) => line !== undefined).map((line) => `  ${line}`), "}"].join(
    "\n",
  );
}

function tlsBlock(folder: string, tls: NonNullable<NatsServerOptions["tls"]>): string {
  const line = (key: string, name: string, value: string): string =>
    `${key}: ${JSON.stringify(filePath(folder, name, value))}`;
  return block("tls", [
    line("cert_file", "server-certificate.pem", tls.certificate),
    line("key_file", "server-key.pem", tls.key),
    tls.authority === undefined ? undefined : line("ca_file", "authority.pem", tls.authority),
    tls.verifyClients ? "verify: true" : undefined,
  ]);
}

function authorizationBlock(options: NatsServerOptions): string | undefined {
  const text = JSON.stringify;
  if (options.nkeys) {
    const users = options.nkeys.map((key) => `{ nkey: ${key} }`);
    return block("authorization", [`users: [ ${users.join(", ")} ]`]);
  }
  if (options.token !== undefined) return block("authorization", [`token: ${text(options.token)}`]);
  if (options.user === undefined) return undefined;
  return block("authorization", [`user: ${text(options.user)}`, `password: ${text(options.password ?? "")}`]);
}

/**
 * No web page gets in: its origin would have to be this server's own and at the same time a name that nobody can have,
 * for a name that was made to lead to loopback (DNS rebinding) is an origin of its own. Programs send none.
 */
const noPages = ["same_origin: true", 'allowed_origins: ["http://no-web-page.invalid"]'];

function websocketBlock(folder: string, options: NatsServerOptions, port: number): string {
  const security = options.tls ? tlsBlock(folder, options.tls) : "no_tls: true";
  return block("websocket", ['host: "127.0.0.1"', `port: ${port}`, security, ...noPages]);
}

function jetStreamBlock(store: string, { jetStreamDomain: domain }: NatsServerOptions): string {
  const text = JSON.stringify;
  return block("jetstream", [`store_dir: ${text(store)}`, domain && `domain: ${text(domain)}`]);
}

/** Writes the configuration file of a server into its folder and returns the path. */
export function writeConfiguration(
  folder: string,
  options: NatsServerOptions,
  ports: NatsServerPorts,
): string {
  const store = join(folder, "jetstream");
  if (options.jetStream) mkdirSync(store, { recursive: true });
  const parts = [
    'host: "127.0.0.1"',
    `port: ${ports.port}`,
    options.maxPayload === undefined ? undefined : `max_payload: ${options.maxPayload}`,
    options.jetStream ? jetStreamBlock(store, options) : undefined,
    ports.websocketPort === undefined ? undefined : websocketBlock(folder, options, ports.websocketPort),
    options.tls ? tlsBlock(folder, options.tls) : undefined,
    authorizationBlock(options),
    options.extraConfiguration,
  ];
  const path = join(folder, "nats-server.conf");
  writeFileSync(path, `${parts.filter((part) => part !== undefined).join("\n")}\n`, { mode: 0o600 });
  return path;
}

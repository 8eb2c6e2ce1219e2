import { freePort } from "./free-port.ts";
import type { NatsServerOptions, NatsServerPorts } from "./nats-server-config.ts";
import { writeConfiguration } from "./nats-server-config.ts";
import { RealServer } from "./server-process.ts";

/** A real nats-server on loopback. */
export type NatsServer = RealServer<NatsServerPorts> & {
  readonly url: string;
  readonly websocketUrl: string | undefined;
  readonly websocketPort: number | undefined;
};

const installHint =
  "Install it (Debian and Ubuntu: apt-get install nats-server; macOS: brew install nats-server; " +
  "Windows: winget install NATSAuthors.NATSServer) or set NATS_SERVER to its path.";

async function choosePorts(options: NatsServerOptions): Promise<NatsServerPorts> {
  const port = options.port || (await freePort());
  if (!options.websocket) return { port };
  return { port, websocketPort: options.websocket === true ? await freePort() : options.websocket };
}

/** Starts a nats-server child process and waits until it accepts connections. */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const server = await RealServer.start({
    name: "nats-server",
    command: process.env.NATS_SERVER || "nats-server",
    installHint,
    readyText: "Server is ready",
    greeting: "INFO ",
    choosePorts: () => choosePorts(options),
    anyPort: !options.port,
    configure: (folder, ports) => ["-c", writeConfiguration(folder, options, ports)],
  });
  const { port, websocketPort } = server.ports;
  const secure = options.tls ? "s" : "";
  return Object.assign(server, {
    url: `${options.tls ? "tls" : "nats"}://127.0.0.1:${port}`,
    websocketPort,
    websocketUrl: websocketPort === undefined ? undefined : `ws${secure}://127.0.0.1:${websocketPort}`,
  });
}

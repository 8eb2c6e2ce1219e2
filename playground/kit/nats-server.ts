import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./exit-cleanup.ts";
import { freePort, NatsProcess } from "./nats-process.ts";
import type { NatsServerOptions, NatsServerPorts } from "./nats-server-config.ts";
import { writeConfiguration } from "./nats-server-config.ts";

/** A real nats-server on loopback. */
export interface NatsServer {
  readonly url: string;
  readonly port: number;
  readonly websocketUrl?: string;
  readonly websocketPort?: number;
  readonly running: boolean;
  readonly processId: number | undefined;
  /** The temporary folder with the configuration and the JetStream store. */
  readonly folder: string;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
  /** Lets the server die at once; its folder stays for a restart. */
  kill(): Promise<void>;
  /** Starts the server again on the same ports, with the same stored streams. */
  restart(): Promise<void>;
}

async function choosePorts(options: NatsServerOptions): Promise<NatsServerPorts> {
  const port = options.port || (await freePort());
  if (!options.websocket) return { port };
  return { port, websocketPort: options.websocket === true ? await freePort() : options.websocket };
}

async function launch(
  folder: string,
  options: NatsServerOptions,
  ports: NatsServerPorts,
): Promise<NatsProcess> {
  const child = new NatsProcess(writeConfiguration(folder, options, ports), folder);
  await child.ready(ports.port);
  return child;
}

/** Free ports can be taken by somebody else before the server binds them: then others are tried. */
async function launchSomewhere(
  folder: string,
  options: NatsServerOptions,
): Promise<{ child: NatsProcess; ports: NatsServerPorts }> {
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts(options);
    try {
      return { child: await launch(folder, options, ports), ports };
    } catch (error) {
      const taken = error instanceof Error && error.message.includes("address already in use");
      if (!taken || attempt === 5 || options.port) throw error;
    }
  }
}

/** Starts a nats-server child process and waits until it accepts connections. */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-nats-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const launched = await launchSomewhere(folder, options).catch((error: unknown) => {
    remove();
    throw error;
  });
  const { ports } = launched;
  let { child } = launched;
  const withdraw = atExit(remove);
  return {
    url: `${options.tls ? "tls" : "nats"}://127.0.0.1:${ports.port}`,
    port: ports.port,
    websocketUrl: ports.websocketPort && `${options.tls ? "wss" : "ws"}://127.0.0.1:${ports.websocketPort}`,
    websocketPort: ports.websocketPort,
    folder,
    get running() {
      return child.running;
    },
    get processId() {
      return child.processId;
    },
    async stop() {
      await child.end("SIGTERM");
      remove();
      withdraw();
    },
    kill: () => child.end("SIGKILL"),
    async restart() {
      await child.end("SIGTERM");
      child = await launch(folder, options, ports);
    },
  } as NatsServer;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** Something on loopback that does not answer. */
export interface SilentServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Takes connections and does nothing but what it is told to with what comes. */
export async function startRawServer(onData: (socket: Socket) => void): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", () => onData(socket));
  });
  await listening(server);
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
}

const listener = `
const server = require("node:net").createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => console.log(server.address().port));
`;
const fillers = 16;

/** A port whose backlog is full: the system drops whatever would open a further connection. */
export async function startFullBacklog(): Promise<SilentServer> {
  const child = spawn(process.execPath, ["-e", listener], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const port = Number(line);
  // A stopped process accepts nothing; its system does, until the backlog is full.
  child.kill("SIGSTOP");
  const sockets = Array.from({ length: fillers }, () =>
    createConnection({ host: "127.0.0.1", port }).on("error", () => undefined),
  );
  await once(sockets[0] as Socket, "connect");
  return {
    port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      child.kill("SIGKILL");
      await ended;
    },
  };
}

import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";

/** A way to a port on loopback that can be cut. */
export interface CuttingProxy {
  readonly address: string;
  /** Cuts everything once so many occurrences of a text have gone through; what was sent is delivered, its replies are lost. */
  cutAfter(text: string, occurrences: number): void;
  /** Cuts all connections, and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  readonly cuts: number;
  stop(): Promise<void>;
}

export async function startCuttingProxy(port: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let broken = false;
  let cuts = 0;
  let trigger: { text: string; left: number } | undefined;
  const dropAll = (): void => {
    cuts += 1;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const server = createServer((near) => {
    if (broken) {
      near.destroy();
      return;
    }
    const far = createConnection({ host: "127.0.0.1", port });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    far.on("close", () => near.destroy());
    near.on("close", () => far.end());
    far.pipe(near);
    near.on("data", (data: Buffer) => {
      far.write(data, () => {
        if (!trigger) return;
        trigger.left -= data.toString("latin1").split(trigger.text).length - 1;
        if (trigger.left > 0) return;
        trigger = undefined;
        dropAll();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutAfter: (text, occurrences) => {
      trigger = { text, left: occurrences };
    },
    cut: () => {
      broken = true;
      dropAll();
    },
    mend: () => {
      broken = false;
    },
    get cuts() {
      return cuts;
    },
    stop: () =>
      new Promise((resolve) => {
        dropAll();
        server.close(() => resolve());
      }),
  };
}

import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";

/** A way to a port on loopback that can be cut, and held up. */
export interface CuttingProxy {
  readonly address: string;
  /** Cuts everything once so many occurrences of a text have gone through; what was sent is delivered, its replies are lost. */
  cutAfter(text: string, occurrences: number): void;
  /** Holds back everything that is sent once so many occurrences of a text have gone through, until `release`. */
  holdFrom(text: string, occurrences?: number): void;
  release(): void;
  /** Resolves when something is held back. */
  held(): Promise<void>;
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
  let holding: { text: string; left: number; held: (() => void)[]; begun: () => void } | undefined;
  let begun: Promise<void> = Promise.resolve();
  const isHeld = (data: Buffer): boolean => {
    if (!holding) return false;
    const count = data.toString("latin1").split(holding.text).length - 1;
    if (holding.held.length > 0 || count > holding.left) return true;
    holding.left -= count;
    return false;
  };
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
      if (isHeld(data)) {
        holding?.held.push(() => far.write(data));
        holding?.begun();
        return;
      }
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
    holdFrom: (text, occurrences = 0) => {
      begun = new Promise((resolve) => {
        holding = { text, left: occurrences, held: [], begun: resolve };
      });
    },
    held: () => begun,
    release: () => {
      for (const send of holding?.held ?? []) send();
      holding = undefined;
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

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createConnection, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { atExit } from "./exit-cleanup.ts";

const installHint =
  "nats-server was not found. Install it (Debian and Ubuntu: apt-get install nats-server; macOS: brew install nats-server; " +
  "Windows: winget install NATSAuthors.NATSServer) or set NATS_SERVER to its path.";

/** Asks the system for a loopback port that is free at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    const finish = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(500, () => finish(false));
    socket.once("error", () => finish(false));
    socket.once("data", (data) => finish(data.toString("latin1").startsWith("INFO ")));
  });
}

/** A watcher that ends the server and removes its folder when this process dies in whatever way. */
export function startGuard(processId: number, folder: string): ChildProcess | undefined {
  if (process.platform === "win32") return undefined;
  const script = 'read -r _; kill -9 "$1" 2>/dev/null; sleep 0.2; rm -rf "$2"';
  const guard = spawn("sh", ["-c", script, "playground-guard", String(processId), folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.on("error", () => undefined);
  guard.unref();
  (guard.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return guard;
}

/** One running nats-server process with its guard. */
export class NatsProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #withdraw: () => void;
  #guard: ChildProcess | undefined;
  #output = "";
  #failure: Error | undefined;
  #running = true;
  #saysReady = false;

  constructor(configuration: string, folder: string) {
    const command = process.env.NATS_SERVER || "nats-server";
    this.#child = spawn(command, ["-c", configuration], {
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    this.#child.stderr?.on("data", (data: Buffer) => {
      this.#output = (this.#output + data.toString()).slice(-2000);
      this.#saysReady ||= this.#output.includes("Server is ready");
    });
    this.#withdraw = atExit(() => this.#child.kill("SIGKILL"));
    this.#ended = new Promise((resolve) => {
      this.#child.once("error", (error: NodeJS.ErrnoException) => {
        this.#failure = error.code === "ENOENT" ? new Error(installHint) : error;
        this.#release();
        resolve();
      });
      this.#child.once("exit", () => {
        this.#release();
        resolve();
      });
    });
    if (this.#child.pid !== undefined) this.#guard = startGuard(this.#child.pid, folder);
  }

  get processId(): number | undefined {
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Waits until the server greets on all its ports, or tells why it never will. */
  async ready(port: number): Promise<void> {
    const deadline = Date.now() + 15_000;
    while (this.#running && Date.now() < deadline) {
      // The greeting alone could be another server's, which has the port already.
      if (this.#saysReady && (await greets(port))) return;
      await sleep(20);
    }
    await this.end("SIGKILL");
    throw this.#failure ?? new Error(`nats-server did not start: ${this.#output.trim() || "no output"}`);
  }

  /** Ends the process and waits for it; one that does not obey is killed. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (this.#running) this.#child.kill(signal);
    const force = setTimeout(() => this.#child.kill("SIGKILL"), 3000);
    await this.#ended;
    clearTimeout(force);
  }

  #release(): void {
    this.#running = false;
    this.#withdraw();
    // The guard must not act on a process number that may soon belong to somebody else.
    this.#guard?.kill("SIGKILL");
    this.#guard = undefined;
  }
}

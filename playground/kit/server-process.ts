import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { atExit } from "./exit-cleanup.ts";

/** A real server program, as far as its like differ in how they are started. */
export interface ServerProgram<Ports extends { port: number }> {
  /** Such as `redis-server`; its messages are about this name. */
  name: string;
  command: string;
  /** How to get the program where there is none. */
  installHint: string;
  /** What its log says once it serves. */
  readyText: string;
  /** What it sends to whoever connects, when it speaks first. */
  greeting?: string;
  choosePorts(): Promise<Ports>;
  /** Whether other ports may be tried when these are taken. */
  anyPort: boolean;
  /** Writes what it needs into its folder; returns its arguments. */
  configure(folder: string, ports: Ports): string[];
  /** A better explanation than its log has of why it did not start. */
  explain?(log: string): string | undefined;
}

/** Connects to a port of loopback; whether somebody is there, and speaks as expected. */
function accepts(port: number, greeting: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    const finish = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(500, () => finish(false));
    socket.once("error", () => finish(false));
    if (greeting === undefined) socket.once("connect", () => finish(true));
    else socket.once("data", (data) => finish(data.toString("latin1").startsWith(greeting)));
  });
}

/** A watcher that ends the server and removes its folder when this process dies in whatever way. */
function startGuard(processId: number, folder: string): ChildProcess | undefined {
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

type Program = Pick<
  ServerProgram<{ port: number }>,
  "name" | "command" | "installHint" | "readyText" | "greeting" | "explain"
>;

/** One life of a server program, with its guard. */
class ServerProcess {
  readonly #program: Program;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #log = "";
  #failure: Error | undefined;
  #running = true;
  #saysReady = false;

  constructor(program: Program, args: readonly string[], folder: string) {
    this.#program = program;
    const child = spawn(program.command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (data: Buffer) => {
        this.#log = (this.#log + data.toString()).slice(-2000);
        this.#saysReady ||= this.#log.includes(program.readyText);
      });
    const guard = child.pid === undefined ? undefined : startGuard(child.pid, folder);
    const withdraw = atExit(() => child.kill("SIGKILL"));
    this.#ended = new Promise((resolve) => {
      const release = (): void => {
        this.#running = false;
        withdraw();
        // The guard must not act on a process number that may soon belong to somebody else.
        guard?.kill("SIGKILL");
        resolve();
      };
      child.once("error", (error: NodeJS.ErrnoException) => {
        const { name, installHint } = program;
        this.#failure = error.code === "ENOENT" ? new Error(`${name} was not found. ${installHint}`) : error;
        release();
      });
      child.once("exit", release);
    });
  }

  get processId(): number | undefined {
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#running;
  }

  /** The newest lines of its log. */
  get log(): string {
    return this.#log;
  }

  /** Waits until the server accepts connections; throws the reason why it never will. */
  async ready(port: number): Promise<void> {
    const { name, greeting, explain } = this.#program;
    const deadline = Date.now() + 15_000;
    while (this.#running && Date.now() < deadline) {
      // Accepting alone could be another server, which has the port already.
      if (this.#saysReady && (await accepts(port, greeting))) return;
      await sleep(20);
    }
    await this.end("SIGKILL");
    const reason = explain?.(this.#log) ?? `${name} did not start: ${this.#log.trim() || "no output"}`;
    throw this.#failure ?? new Error(reason);
  }

  /** Ends the process and waits for it; one that does not obey is killed. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (this.#running) this.#child.kill(signal);
    const force = setTimeout(() => this.#child.kill("SIGKILL"), 3000);
    await this.#ended;
    clearTimeout(force);
  }
}

/** A real server on loopback, with a temporary folder of its own. */
export class RealServer<Ports extends { port: number }> {
  readonly #program: ServerProgram<Ports>;
  #process: ServerProcess;
  readonly #removeFolder: () => void;

  private constructor(
    program: ServerProgram<Ports>,
    readonly folder: string,
    readonly ports: Ports,
    process: ServerProcess,
    removeFolder: () => void,
  ) {
    this.#program = program;
    this.#process = process;
    this.#removeFolder = removeFolder;
  }

  /** Starts the program and waits until it accepts connections. */
  static async start<Ports extends { port: number }>(
    program: ServerProgram<Ports>,
  ): Promise<RealServer<Ports>> {
    const folder = mkdtempSync(join(tmpdir(), `switchyard-${program.name}-`));
    const remove = (): void => rmSync(folder, { recursive: true, force: true });
    const withdraw = atExit(remove);
    const removeFolder = (): void => {
      remove();
      withdraw();
    };
    for (let attempt = 1; ; attempt += 1) {
      const ports = await program.choosePorts();
      try {
        const process = await launch(program, folder, ports);
        return new RealServer(program, folder, ports, process, removeFolder);
      } catch (error) {
        // A free port can be taken by somebody else before the server binds it.
        const taken = error instanceof Error && /address already in use/i.test(error.message);
        if (taken && attempt < 5 && program.anyPort) continue;
        removeFolder();
        throw error;
      }
    }
  }

  get port(): number {
    return this.ports.port;
  }

  get processId(): number | undefined {
    return this.#process.processId;
  }

  get running(): boolean {
    return this.#process.running;
  }

  /** The newest lines of its log. */
  get log(): string {
    return this.#process.log;
  }

  /** Ends the server and removes its folder. */
  async stop(): Promise<void> {
    await this.#process.end("SIGTERM");
    this.#removeFolder();
  }

  /** Lets the server die at once; its folder stays for a restart. */
  kill(): Promise<void> {
    return this.#process.end("SIGKILL");
  }

  /** Starts the server again on the same ports, with what its folder has kept. */
  async restart(): Promise<void> {
    await this.#process.end("SIGTERM");
    this.#process = await launch(this.#program, this.folder, this.ports);
  }
}

async function launch<Ports extends { port: number }>(
  program: ServerProgram<Ports>,
  folder: string,
  ports: Ports,
): Promise<ServerProcess> {
  const process = new ServerProcess(program, program.configure(folder, ports), folder);
  await process.ready(ports.port);
  return process;
}

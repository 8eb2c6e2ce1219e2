import { join } from "node:path";
import { dataDirectory, type RunningConsole, type Shell, startConsole } from "../support/console.ts";
import { freePort } from "../support/free-port.ts";
import { type PlaygroundProcess, startPlaygroundProcess } from "../support/playground.ts";
import type { BenchHost } from "./lattice-events.ts";
import { ConsoleOverHttp } from "./lattice-watch.ts";

export const connectionId = "bench";
export const lattice = "default";

/** A console in its own window that follows the lattice of a playground. */
export interface Stage {
  playground: PlaygroundProcess;
  console: RunningConsole;
  http: ConsoleOverHttp;
  /** The console's own process holds its event log to itself; this reads it when that has ended. */
  checkLog(check: (file: string) => void): void;
  /** Shows a screen of the lattice. */
  show(screen: string): Promise<void>;
}

export interface StageOptions {
  playground: readonly string[];
  shell?: Shell;
  /** More arguments for the console. */
  args?: readonly string[];
  screen?: string;
}

/** Sets the stage, does the work on it, and clears it away whatever happens. */
export async function onStage<Result>(
  options: StageOptions,
  work: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const ends: (() => unknown)[] = [];
  try {
    const data = dataDirectory();
    ends.unshift(data.remove);
    const checks: ((file: string) => void)[] = [];
    ends.unshift(() => {
      for (const check of checks) check(join(data.directory, "events.db"));
    });
    const playground = await startPlaygroundProcess(["--no-staging", ...options.playground]);
    ends.unshift(playground.stop);
    const port = await freePort();
    const { shell = "electron", args = [] } = options;
    const portArguments = [shell === "electron" ? "--http-port" : "--port", String(port)];
    const console = await startConsole(shell, {
      directory: data.directory,
      args: ["--no-playground", ...portArguments, ...args],
      width: 1440,
    });
    ends.unshift(console.close);
    await connectTo(console, playground);
    const http = new ConsoleOverHttp(port, data.directory);
    ends.unshift(() => http.close());
    await http.follow(connectionId, lattice);
    const all = playground.hosts.length;
    await http.until("all hosts", (row) => row.phase === "live" && row.hosts.live === all);
    const show = (screen: string) =>
      console.page.evaluate((hash) => {
        location.hash = hash;
      }, `#/c/${connectionId}/${lattice}/${screen}`);
    await show(options.screen ?? "overview");
    // Lists stand still under the pointer, and the display's own is in the middle.
    await console.page.mouse.move(400, 100);
    return await work({ playground, console, http, show, checkLog: (check) => checks.push(check) });
  } finally {
    for (const end of ends) await end();
  }
}

/** Saves the connection that benchmarks use, and opens it. */
export async function connectTo(
  console: RunningConsole,
  { natsUrl, natsToken: token }: PlaygroundProcess,
): Promise<void> {
  const saved = await console.call("connections.save", {
    connectionId,
    profile: {
      name: "Bench lattice",
      color: "#339af0",
      environment: "TEST",
      guard: "open",
      openAtStart: true,
      system: "lattice",
      target: {
        addresses: [natsUrl],
        authentication: { method: "token" },
        requestTimeoutMs: 10_000,
        heartbeatSeconds: 10,
      },
    },
    secrets: { token },
  });
  if (!saved.ok) throw new Error(saved.failure.message);
  await console.call("connections.open", { connectionId });
}

/**
 * Takes over from the simulated hosts: says what runs on each, so that events can be true to it, and freezes them, so
 * that each event there is comes from the benchmark.
 */
export async function takeOver(playground: PlaygroundProcess): Promise<BenchHost[]> {
  const hosts: BenchHost[] = [];
  for (const { id } of playground.hosts) {
    const { inventory } = await playground.order({ do: "inventory", host: id });
    await playground.order({ do: "freeze-host", host: id });
    hosts.push({ id, inventory: inventory as BenchHost["inventory"] });
  }
  return hosts;
}

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cpus, loadavg } from "node:os";

const variable = "SWITCHYARD_BENCH_ROLE";

/** Runs this process's part: that of a helper, where a benchmark started itself once more as one, otherwise the benchmark. */
export async function run(
  main: () => Promise<void>,
  roles: Record<string, () => Promise<void>>,
): Promise<void> {
  const role = process.env[variable];
  if (role !== undefined) return roles[role]?.();
  tellMachine();
  await main();
}

/** Figures mean little without the machine, and nothing while others use it. */
function tellMachine(): void {
  const [processor] = cpus();
  const load = Math.round((loadavg()[0] ?? 0) * 10) / 10;
  console.log(JSON.stringify({ name: "machine", cores: cpus().length, processor: processor?.model, load }));
}

/** A helper in a process of its own, so that its work does not take the benchmark's time. */
export class Helper<Order, Report> {
  readonly #child: ChildProcess;

  constructor(role: string) {
    this.#child = fork(process.argv[1] as string, [], { env: { ...process.env, [variable]: role } });
  }

  send(order: Order): void {
    this.#child.send(order as object);
  }

  onReport(listener: (report: Report) => void): void {
    this.#child.on("message", (message) => listener(message as Report));
  }

  /** The first report that fits; rejects when the helper ends first. */
  report<Wanted extends Report>(fits: (report: Report) => report is Wanted): Promise<Wanted> {
    return new Promise((resolve, reject) => {
      this.#child.on("message", (message) => {
        if (fits(message as Report)) resolve(message as Wanted);
      });
      this.#child.once("exit", (code) => reject(new Error(`a helper ended with ${code}`)));
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill();
    await exited;
  }
}

/** Milliseconds since 1970 by a clock that does not step, with fractions; processes of one machine agree on it. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

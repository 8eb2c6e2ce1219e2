import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Libsql from "libsql";

/** A job as it stands in the database; times in milliseconds since 1970. */
export interface SeededJob {
  id: string;
  queue: string;
  status: "pending" | "in_progress" | "done" | "failed" | "dead";
  attempts: number;
  enqueuedAt: number;
  completedAt?: number;
}

/** A real `jobs-server` of its own, with an empty database in a temporary folder. */
export class RealJobsServer {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly directory: string,
  ) {}

  /** Starts the program and waits until it answers; its only environment is what it needs. */
  static async start(program: string): Promise<RealJobsServer> {
    const directory = mkdtempSync(join(tmpdir(), "switchyard-jobs-server-"));
    const port = await freePort();
    const environment = { PATH: process.env.PATH, JOBS_DATA_DIR: directory, JOBS_API_PORT: String(port) };
    const child = spawn(program, [], { env: environment, cwd: directory, stdio: "ignore" });
    const server = new RealJobsServer(`http://127.0.0.1:${port}`, child, directory);
    await server.answers();
    return server;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await ended;
    rmSync(this.directory, { recursive: true, force: true });
  }

  addQueue(name: string): void {
    this.write("INSERT INTO queue (name, updated_at) VALUES (?, ?)", [name, text(Date.now())]);
  }

  /** Adds a job in a state that the interface alone cannot bring about (forge-jobs §10). */
  addJob(job: SeededJob): void {
    const at = text(job.enqueuedAt);
    this.write(
      `INSERT INTO sync_queue (id, queue_name, kind, payload, status, priority, enqueued_at, scheduled_at, completed_at, attempts, max_attempts, throttle_attempts, error_history)
       VALUES (?, ?, 'seeded', '{}', ?, 0, ?, ?, ?, ?, 5, 0, '[]')`,
      [
        job.id,
        job.queue,
        job.status,
        at,
        at,
        job.completedAt === undefined ? null : text(job.completedAt),
        job.attempts,
      ],
    );
  }

  addSchedule(name: string, expression: string): void {
    const at = text(Date.now());
    this.write(
      "INSERT INTO cron_schedule (name, kind, payload, queue_name, cron_expr, enabled, created_at, updated_at) VALUES (?, 'seeded', '{}', 'mailers', ?, 1, ?, ?)",
      [name, expression, at, at],
    );
  }

  private write(sql: string, values: readonly (string | number | null)[]): void {
    const database = new Libsql(join(this.directory, "queue.sqlite"));
    try {
      database.prepare("PRAGMA busy_timeout = 5000").all([]);
      database.prepare(sql).run([...values]);
    } finally {
      database.close();
    }
  }

  private async answers(): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const well = await fetch(`${this.url}/storage/info`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (well) return;
      if (this.child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("the jobs server did not start");
  }
}

/** Text times have always three digits (forge-jobs §10). */
function text(at: number): string {
  return new Date(at).toISOString();
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

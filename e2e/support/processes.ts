import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { root } from "./paths.ts";

export interface LineProcess {
  child: ChildProcess;
  /** The next line on standard output; rejects when the process ends first. */
  line(): Promise<string>;
  write(line: string): void;
  /** Ends it by SIGTERM and answers with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts a Node program that talks in lines. */
export function startProgram(
  file: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): LineProcess {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4_000);
  });
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const next = waiting.shift();
    if (next) next.resolve(line);
    else lines.push(line);
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  void exited.then((code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`${file} ended with ${code}: ${errors}`));
  });
  return {
    child,
    line: () => {
      const ready = lines.shift();
      if (ready !== undefined) return Promise.resolve(ready);
      if (child.exitCode !== null)
        return Promise.reject(new Error(`${file} ended with ${child.exitCode}: ${errors}`));
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    write: (line) => child.stdin.write(`${line}\n`),
    stop: () => {
      if (child.exitCode === null) child.kill("SIGTERM");
      return exited;
    },
  };
}

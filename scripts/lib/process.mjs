import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { constants as systemConstants } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./paths.mjs";

const windows = process.platform === "win32";

/** Finds the first of these programs on PATH, or undefined. */
export function findProgram(...names) {
  const endings = windows ? [".exe", ".cmd", ".bat"] : [""];
  for (const name of names) {
    for (const directory of (process.env.PATH ?? "").split(delimiter).filter(Boolean)) {
      const found = endings.map((ending) => join(directory, name + ending)).find(isExecutable);
      if (found) return found;
    }
  }
  return undefined;
}

/** Says whether a path is a file that may be executed. */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a program to its end; answers `{ code, output, standardOutput }`: with `capture`, all it printed, and that
 * without its complaints.
 * `timeout` (milliseconds) ends it, and a program that cannot be started answers code 127.
 */
export function run(command, argumentsList, { capture = false, timeout, environment, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, argumentsList, {
      cwd,
      stdio: capture ? ["ignore", "pipe", "pipe"] : "inherit",
      env: { ...process.env, ...environment },
      timeout,
    });
    const all = [];
    const standard = [];
    child.stdout?.on("data", (chunk) => standard.push(chunk) && all.push(chunk));
    child.stderr?.on("data", (chunk) => all.push(chunk));
    child.on("error", (error) => resolve({ code: 127, output: error.message, standardOutput: "" }));
    child.on("close", (code, signal) =>
      resolve({
        code: code ?? 128 + signalNumber(signal),
        output: Buffer.concat(all).toString(),
        standardOutput: Buffer.concat(standard).toString(),
      }),
    );
  });
}

/** Runs npm itself, so that whatever registry a person has configured holds. */
export function runNpm(argumentsList, options) {
  // Under `npm run`, npm names its own entry; starting it through Node needs no shell on any platform.
  const entry = process.env.npm_execpath;
  if (entry?.endsWith(".js")) return run(process.execPath, [entry, ...argumentsList], options);
  return windows ? run("cmd", ["/c", "npm", ...argumentsList], options) : run("npm", argumentsList, options);
}

let interrupted = false;

/** Says whether a person has asked for an end while something ran in the foreground: nothing more should be started then. */
export function wasInterrupted() {
  return interrupted;
}

/**
 * Runs a program in the foreground until it ends, passing SIGINT and SIGTERM on to it, and answers its exit code.
 * The signal is passed on only once: at a terminal the whole process group gets Ctrl-C already.
 */
export function runInForeground(command, argumentsList, { environment } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argumentsList, {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, ...environment },
    });
    const forward = (signal) => {
      interrupted = true;
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, forward);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 128 + signalNumber(signal));
    });
  });
}

/** The number of a signal, for the exit code shells use (128 + number). */
function signalNumber(signal) {
  return systemConstants.signals[signal] ?? 0;
}

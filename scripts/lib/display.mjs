import { spawn } from "node:child_process";
import { once } from "node:events";
import { findProgram } from "./process.mjs";
import { Failure } from "./terminal.mjs";

const endings = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Says whether a window can be shown to a person here. */
export function hasDisplay() {
  if (process.platform !== "linux") return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * Runs `work(environment)` with a virtual display of its own, so that windows neither disturb a person
 * nor depend on the size of a screen; on macOS and Windows, where there is none, with the real one.
 */
export async function withDisplay(work, { size = "1600x1000x24" } = {}) {
  if (process.platform !== "linux") return work({});
  const server = await startServer(size);
  const end = () => server.child.kill("SIGTERM");
  // While a program runs in the foreground, a signal is its to answer; otherwise nobody else would end the server.
  const interrupted = (signal) => process.listenerCount(signal) === 1 && process.exit(130);
  process.once("exit", end);
  for (const signal of endings) process.on(signal, interrupted);
  try {
    // Without WAYLAND_DISPLAY, so that everything opens its windows on the virtual display.
    return await work({ DISPLAY: server.display, WAYLAND_DISPLAY: "", XDG_SESSION_TYPE: "x11" });
  } finally {
    process.off("exit", end);
    for (const signal of endings) process.off(signal, interrupted);
    await stopServer(server.child);
  }
}

async function startServer(size) {
  const program = findProgram("Xvfb");
  if (!program) throw new Failure("Xvfb is missing: run `node scripts/setup.mjs display`.");
  // With -displayfd the server itself picks a free number and reports it: no two runs can collide.
  const child = spawn(program, ["-displayfd", "3", "-screen", "0", size, "-nolisten", "tcp", "-noreset"], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    // In a process group of its own: Ctrl-C must not take the display away before the windows are closed.
    detached: true,
  });
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  const number = await Promise.race([
    firstLine(child.stdio[3]),
    once(child, "exit").then(() => undefined),
    new Promise((resolve) => setTimeout(resolve, 20_000).unref()),
  ]);
  if (!number) {
    child.kill("SIGKILL");
    throw new Failure(`Xvfb did not start.\n${complaint}`);
  }
  return { child, display: `:${number}` };
}

async function firstLine(stream) {
  let text = "";
  for await (const chunk of stream) {
    text += chunk;
    if (text.includes("\n")) return text.trim();
  }
  return undefined;
}

async function stopServer(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 5000);
  await ended;
  clearTimeout(patience);
}

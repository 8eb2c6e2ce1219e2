import { once } from "node:events";

const graceMs = 10_000;

/** Asks a process to end, and makes it end where it does not in time; resolves when it is gone. */
export async function endProcess(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(timer);
}

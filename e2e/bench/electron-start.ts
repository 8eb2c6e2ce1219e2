import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";
import { program } from "../support/paths.ts";
import { preciseNow } from "./roles.ts";

export interface Start {
  application: string;
  args: readonly string[];
  /** Runs in the page, in each frame: whether a person can begin to work. */
  isReady: () => boolean;
}

const patienceMs = 30_000;

/** Milliseconds from the start of an Electron process until its page was ready in a painted frame. */
export async function startTime({ application, args, isReady }: Start): Promise<number> {
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const from = preciseNow();
  // Driven without Playwright, whose way in makes the start of the main process wait.
  const child = spawn(
    program("SWITCHYARD_ELECTRON"),
    [...sandbox, "--remote-debugging-port=0", application, ...args],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  try {
    const origin = await debuggerOrigin(child);
    for (;;) {
      const at = await readyAt(origin, isReady);
      if (at !== undefined) return at - from;
      if (preciseNow() - from > patienceMs) throw new Error(`${application} never got ready`);
      await pause(5);
    }
  } finally {
    await end(child);
  }
}

/** When the page was ready; undefined where there is no page yet, or another one took its place. */
async function readyAt(origin: string, isReady: () => boolean): Promise<number | undefined> {
  const response = await fetch(`${origin}/json/list`);
  const targets = (await response.json()) as { type: string; url: string; webSocketDebuggerUrl?: string }[];
  const page = targets.find(({ type, url }) => type === "page" && url !== "" && url !== "about:blank");
  if (!page?.webSocketDebuggerUrl) return undefined;
  const expression = `new Promise((resolve) => {
    const look = () => (${isReady})()
      ? requestAnimationFrame(() => setTimeout(() => resolve(performance.timeOrigin + performance.now())))
      : requestAnimationFrame(look);
    look();
  })`;
  return evaluate(page.webSocketDebuggerUrl, expression);
}

async function evaluate(address: string, expression: string): Promise<number | undefined> {
  const socket = new WebSocket(address);
  try {
    await once(socket, "open");
    const parameters = { expression, awaitPromise: true, returnByValue: true };
    socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: parameters }));
    const [answer] = (await once(socket, "message")) as [Buffer];
    const { result } = JSON.parse(answer.toString()) as { result?: { result?: { value?: unknown } } };
    return typeof result?.result?.value === "number" ? result.result.value : undefined;
  } finally {
    socket.terminate();
  }
}

async function debuggerOrigin(child: ChildProcess): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-4_000);
      const found = /DevTools listening on ws:\/\/([^/]+)/.exec(text)?.[1];
      if (found) resolve(`http://${found}`);
    });
    child.once("exit", (code) => reject(new Error(`Electron ended with ${code}: ${text}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await exited;
  clearTimeout(patience);
}

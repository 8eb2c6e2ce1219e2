import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { copyTree } from "./testing/tree-copy.mjs";

const copy = copyTree();
const data = join(copy.folder, ".cache", "data");
let page;
let child;
let output = "";

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

async function refuses(port) {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}

/** Asks the console through the page's server, as a page in a browser does. */
async function ask(path) {
  const token = readFileSync(join(data, "token"), "utf8").trim();
  const headers = { Authorization: `Bearer ${token}`, Origin: page };
  const reply = await fetch(`${page}/api${path}`, { headers });
  if (!reply.ok) throw new Error(await reply.text());
  return reply.json();
}

const runningPlayground = async () => {
  const state = await ask("/playground");
  expect(state.running).toBe(true);
  return state;
};
const starts = () => output.split("the console is started").length - 1;

beforeAll(async () => {
  const port = await freePort();
  page = `http://127.0.0.1:${port}`;
  child = spawn(process.execPath, ["scripts/dev.mjs", "--page-port", String(port), "--data", data], {
    cwd: copy.folder,
    // Without a display there is no window, which is all that differs.
    env: { ...process.env, DISPLAY: "", WAYLAND_DISPLAY: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  await vi.waitFor(runningPlayground, { timeout: 60_000 });
});

afterAll(async () => {
  if (child.exitCode === null) {
    const ended = once(child, "exit");
    child.kill("SIGINT");
    await ended;
  }
  copy.remove();
});

test("a changed source of the main process starts the console again, and the playground lives on", async () => {
  const before = await runningPlayground();
  appendFileSync(join(copy.folder, "shared/catalogue.ts"), "\nconsole.log();\n");
  await vi.waitFor(() => expect(starts()).toBe(2), { timeout: 60_000 });
  const after = await vi.waitFor(runningPlayground);
  expect(after.address).toBe(before.address);
});

test("a fault in a source leaves the console that runs, until it is mended", async () => {
  const count = starts();
  const source = join(copy.folder, "shared/catalogue.ts");
  appendFileSync(source, "\n)\n");
  await vi.waitFor(() => expect(output).toContain("ERROR"));
  await runningPlayground();
  expect(starts()).toBe(count);
});

test("the page is served as it is written, with what reloads it", async () => {
  expect(await (await fetch(page)).text()).toContain("/@vite/client");
  const source = join(copy.folder, "renderer/router.tsx");
  appendFileSync(source, "\nexport const changed = true;\n");
  await vi.waitFor(async () =>
    expect(await (await fetch(`${page}/router.tsx`)).text()).toContain("changed = true"),
  );
});

test("an interrupt ends everything that was started", async () => {
  const { address } = await runningPlayground();
  const ended = once(child, "exit");
  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
  for (const port of [new URL(page).port, new URL(address).port])
    expect(await refuses(Number(port))).toBe(true);
});

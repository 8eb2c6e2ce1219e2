import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

// The preparation is another script; a bare checkout can do without it.
if (existsSync(join(root, "scripts/setup.mjs"))) {
  const { setup } = await import("./setup.mjs");
  await setup({ need: ["dependencies", "nats-server"] });
}

const { build } = await import("esbuild");
const outfile = join(root, "out/playground.cjs");
await build({
  entryPoints: [join(root, "electron/playground/cli.ts")],
  outfile,
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node18",
  logLevel: "warning",
});

const child = spawn(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.once("exit", (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0);
});

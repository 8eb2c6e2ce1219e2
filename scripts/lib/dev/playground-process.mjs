import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { bundleOptions, entries } from "../bundle.mjs";
import { developmentFile, root } from "../paths.mjs";
import { Failure } from "../terminal.mjs";
import { endProcess } from "./end-process.mjs";

const entry = entries.find(({ output }) => output === "playground.cjs");

/**
 * Starts the simulated systems in a process of their own. Answers `{ reach, ask, stop }`: how they are reached, with the
 * secrets of this start, and a way to give an order, which is answered when it was carried out.
 */
export async function startPlaygroundProcess() {
  const { build } = await import("esbuild");
  const bundle = developmentFile("playground.cjs");
  await build({ ...bundleOptions(entry), outfile: bundle });
  const child = spawn(process.execPath, [bundle, "--config-bucket", "--end-with-stdin"], {
    cwd: root,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const problems = [];
  createInterface({ input: child.stderr }).on("line", (line) => problems.push(line));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([lines.next(), once(child, "exit")]);
  if (!first.value) throw new Failure(`The playground could not start.\n${problems.join("\n")}`);
  const reach = JSON.parse(first.value);
  let queue = Promise.resolve();
  return {
    reach: { ...reach, problems: problems.filter((line) => line.includes("could not start")) },
    // One line is the answer to one order, in the same sequence.
    ask: (order) => {
      const answer = queue.then(async () => {
        child.stdin.write(`${JSON.stringify(order)}\n`);
        const { value } = await lines.next();
        return value === undefined ? { ok: false, error: "the playground has ended" } : JSON.parse(value);
      });
      queue = answer.catch(() => undefined);
      return answer;
    },
    stop: () => endProcess(child),
  };
}

import { parseArgs } from "node:util";
import { modulePath } from "./lib/paths.mjs";
import { runInForeground } from "./lib/process.mjs";
import { Failure, heading, runAsScript } from "./lib/terminal.mjs";
import { setup } from "./setup.mjs";

/** The tests whose messages are made hostile, by the wire that they come over. */
const wires = {
  lattice: [
    "electron/lattice/events/hostile-messages.test.ts",
    "electron/lattice/hostile-peer.test.ts",
    "electron/lattice/client/hostile-bucket.test.ts",
    "electron/tests/lattice/hostile-peer.test.ts",
  ],
  flux: ["electron/flux/client/hostile-events.test.ts", "electron/flux/client/hostile-frames.test.ts"],
  flowfabric: [
    "electron/flowfabric/client/hostile-replies.test.ts",
    "electron/flowfabric/client/hostile-server.test.ts",
    "electron/flowfabric/valkey/hostile-valkey.test.ts",
  ],
  forge: ["electron/forge/client/hostile-replies.test.ts"],
};

/** Tries the four wires, or the named ones, with many hostile versions of what real programs said. */
export async function fuzz(argumentsList) {
  const { values, positionals } = parseArgs({
    args: argumentsList,
    allowPositionals: true,
    options: { runs: { type: "string", default: "100000" }, seed: { type: "string" } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(wires);
  const unknown = names.filter((name) => !Object.hasOwn(wires, name));
  if (unknown.length > 0)
    throw new Failure(`unknown wire ${unknown.join(", ")} (known: ${Object.keys(wires).join(", ")})`);
  const seed = values.seed ?? String(Date.now() % 2 ** 31);
  await setup({ need: ["dependencies", "nats-server", "redis"] });
  heading(`${values.runs} hostile messages a property from seed ${seed}: ${names.join(", ")}`);
  const files = names.flatMap((name) => wires[name]);
  return runInForeground(
    process.execPath,
    [modulePath("vitest/vitest.mjs"), "run", "--testTimeout=21600000", ...files],
    { environment: { SWITCHYARD_FUZZ_RUNS: values.runs, SWITCHYARD_FUZZ_SEED: seed } },
  );
}

await runAsScript(import.meta, fuzz);

import { ensureChromium } from "./lib/chromium.mjs";
import { ensureDependencies } from "./lib/dependencies.mjs";
import { ensureElectron, findElectron, warnWhenOld } from "./lib/electron.mjs";
import { ensureElectronLibraries, ensurePrograms } from "./lib/system.mjs";
import { Failure, note, runAsScript, took, warn } from "./lib/terminal.mjs";

/** Everything `setup` knows how to provide. */
export const allNeeds = ["dependencies", "nats-server", "electron", "display", "chromium", "redis"];

/** What the playground is better with. */
export const playgroundExtras = {
  need: ["redis"],
  without: "Without it the simulated FlowFabric does not run; everything else does.",
};

const programNeeds = ["nats-server", "redis", "display"];

/** Makes sure that what is needed is there, fetching or installing what is missing; quick when nothing is. */
export async function setup({ need }) {
  const unknown = need.filter((name) => !allNeeds.includes(name));
  if (unknown.length > 0) throw new Failure(`unknown: ${unknown.join(", ")} (known: ${allNeeds.join(", ")})`);
  if (Number.parseInt(process.versions.node, 10) < 20) throw new Failure("Node.js 20.19 or newer is needed.");
  if (need.includes("dependencies")) await ensureDependencies();
  await ensurePrograms(programNeeds.filter((name) => need.includes(name) && isWanted(name)));
  if (need.includes("chromium")) await ensureChromium();
  if (!need.includes("electron")) return;
  const electron = await ensureElectron();
  await ensureElectronLibraries(electron.executable);
  warnWhenOld(electron);
}

/** The same for what is only good to have: where it cannot be had, that is said, and nothing is held up. */
export async function setupIfPossible({ need, without }) {
  try {
    await setup({ need });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    warn(`${error.message}\n${without}`);
  }
}

/** The Electron to start: `{ executable, version, old, reason }`, after `setup({ need: ["electron"] })`. */
export function electronPath() {
  const electron = findElectron();
  if (!electron) throw new Failure("There is no Electron yet: run `node scripts/setup.mjs electron`.");
  return electron;
}

/** What Electron has to be told here: as root it refuses to start with its sandbox on, and only then it goes without. */
export function sandboxArguments() {
  return process.platform === "linux" && process.getuid() === 0 ? ["--no-sandbox"] : [];
}

/** Only Linux has a virtual display to install; elsewhere the real one is used. */
function isWanted(name) {
  return name !== "display" || process.platform === "linux";
}

await runAsScript(import.meta, async (wanted) => {
  const start = performance.now();
  await setup({ need: wanted.length > 0 ? wanted : allNeeds });
  note(`everything is there (${took(start)})`);
});

import { existsSync } from "node:fs";
import { findProgram, run } from "./process.mjs";
import { removeStalePolicy, withoutNewServices } from "./services.mjs";
import { Failure, note, took } from "./terminal.mjs";

/**
 * What the operating system has to bring, by need. In `apt`, each entry is a list of names of which the first
 * one known is taken: Debian and Ubuntu renamed some libraries (t64).
 */
const programs = {
  "nats-server": {
    commands: ["nats-server"],
    apt: [["nats-server"]],
    brew: "brew install nats-server",
    windows: "scoop install nats-server   (or: choco install nats-server)",
    other:
      "install nats-server from your distribution (or: go install github.com/nats-io/nats-server/v2@latest)",
  },
  redis: {
    commands: ["redis-server", "valkey-server"],
    apt: [["redis-server"]],
    brew: "brew install redis",
    windows: "scoop install redis",
    other: "install redis (or valkey) from your distribution",
  },
  display: {
    commands: ["Xvfb"],
    apt: [["xvfb"]],
    other: "install Xvfb from your distribution (xorg-x11-server-Xvfb, xorg-server-xvfb)",
  },
};

/** The libraries the Electron executable links to. */
const electronLibraries = [
  ["libgtk-3-0t64", "libgtk-3-0"],
  ["libasound2t64", "libasound2"],
  ["libatk-bridge2.0-0t64", "libatk-bridge2.0-0"],
  ["libatk1.0-0t64", "libatk1.0-0"],
  ["libatspi2.0-0t64", "libatspi2.0-0"],
  ["libcups2t64", "libcups2"],
  ["libglib2.0-0t64", "libglib2.0-0"],
  ..."libcairo2 libdrm2 libexpat1 libgbm1 libnspr4 libnss3 libpango-1.0-0 libx11-6 libxcb1 libxcomposite1".split(
    " ",
  ),
  ..."libxdamage1 libxext6 libxfixes3 libxkbcommon0 libxrandr2 fonts-dejavu-core".split(" "),
].map((names) => [names].flat());

/** Makes sure a program of the operating system is there, installing it where that is possible. */
export async function ensurePrograms(needs) {
  if (canInstallPackages()) removeStalePolicy();
  const missing = needs.filter((need) => !findProgram(...programs[need].commands));
  if (missing.length === 0) return;
  await installPackages(
    missing.flatMap((need) => programs[need].apt),
    missing.map((need) => adviceFor(need)),
  );
  const still = missing.filter((need) => !findProgram(...programs[need].commands));
  if (still.length > 0) throw new Failure(still.map(adviceFor).join("\n"));
}

/** Makes sure every library the Electron executable links to is there. */
export async function ensureElectronLibraries(executable) {
  if (process.platform !== "linux") return;
  const missing = await missingLibraries(executable);
  if (missing.length === 0) return;
  const advice = `Electron needs ${missing.join(", ")}: install GTK 3, NSS, ALSA and GBM from your distribution.`;
  await installPackages(electronLibraries, [advice]);
  const still = await missingLibraries(executable);
  if (still.length > 0)
    throw new Failure(`Electron cannot start, these libraries are missing: ${still.join(", ")}`);
}

async function missingLibraries(executable) {
  const { code, output } = await run("ldd", [executable], { capture: true });
  // A system without ldd (musl has one of its own, some have none) shows it when Electron starts.
  if (code === 127) return [];
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
}

/** Says whether packages can be installed here without asking anybody. */
export function canInstallPackages() {
  return process.platform === "linux" && process.getuid?.() === 0 && findProgram("apt-get") !== undefined;
}

/** Installs the first known name of each entry with apt, or fails with advice what to install by hand. */
export async function installPackages(alternatives, advice) {
  if (!canInstallPackages()) throw new Failure(await adviceText(alternatives, advice));
  await updateLists();
  const names = [];
  for (const entry of alternatives) {
    const known = await firstKnown(entry);
    if (!known) throw new Failure(`apt knows no package ${entry.join(" or ")}.\n${advice.join("\n")}`);
    names.push(known);
  }
  const start = performance.now();
  note(`installing ${names.join(" ")}`);
  const result = await withoutNewServices(() => apt(["install", "-y", "--no-install-recommends", ...names]));
  if (result.code !== 0) throw new Failure(`${result.output}\napt-get could not install ${names.join(" ")}.`);
  note(`installed (${took(start)})`);
}

let updated;
function updateLists() {
  updated ??= (async () => {
    note("reading the package lists (apt-get update)");
    const result = await apt(["update"]);
    if (result.code !== 0) throw new Failure(`${result.output}\napt-get update failed.`);
  })();
  return updated;
}

function apt(argumentsList) {
  const environment = { DEBIAN_FRONTEND: "noninteractive" };
  return run("apt-get", ["-q", ...argumentsList], { capture: true, environment });
}

/** The first of these package names that apt could install. */
export async function firstKnown(names) {
  for (const name of names) {
    const { output } = await run("apt-cache", ["policy", name], {
      capture: true,
      environment: { LC_ALL: "C" },
    });
    if (/Candidate: (?!\(none\))/.test(output)) return name;
  }
  return undefined;
}

async function adviceText(alternatives, advice) {
  if (process.platform !== "linux" || !existsSync("/etc/debian_version")) return advice.join("\n");
  const names = await Promise.all(
    alternatives.map(async (entry) => (await firstKnown(entry)) ?? entry.at(-1)),
  );
  return `Something is missing. Install it with:\n  sudo apt-get install --no-install-recommends ${names.join(" ")}`;
}

function adviceFor(need) {
  const { commands, brew, windows, other } = programs[need];
  const how = { darwin: brew, win32: windows }[process.platform] ?? other;
  return `${commands[0]} is missing. To get it:\n  ${how}`;
}

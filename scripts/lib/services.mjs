import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { findProgram, run } from "./process.mjs";
import { note, warn } from "./terminal.mjs";

/** What invoke-rc.d and deb-systemd-invoke ask before they start anything; 101 is "forbidden by policy". */
const policyPath = "usr/sbin/policy-rc.d";
const policyMark =
  "# Made by the setup of Switchyard, which wants programs and no services; it removes this file.";

/**
 * Does what installs packages as root, so that no service runs or is enabled afterwards that was not before: packages
 * start and enable theirs unasked. Enabling is seen in the links that do it, which are the same on a running system,
 * in a container and in a chroot. A person's interrupt waits until everything is as it was.
 */
export async function withoutNewServices(work, root = "/") {
  const before = new Set(enablingLinks(root));
  const interrupts = holdInterrupts();
  const policy = forbidStarting(root);
  try {
    return await work();
  } finally {
    policy.withdraw();
    const fresh = enablingLinks(root).filter((link) => !before.has(link));
    if (fresh.length > 0) await disable(fresh, { root, mayRun: !policy.ours });
    interrupts.release();
  }
}

/** Takes away the policy that a setup left which was killed; with it no package at all could start its services. */
export function removeStalePolicy(root = "/") {
  const path = join(root, policyPath);
  if (makerOf(path) === "nobody") rmSync(path, { force: true });
}

/** Puts a policy in place that forbids starting; one that is there already stays. Answers whether it is ours, and what takes it away then. */
function forbidStarting(root) {
  const path = join(root, policyPath);
  removeStalePolicy(root);
  if (makerOf(path) !== undefined) return { ours: false, withdraw: () => undefined };
  writeFileSync(path, `#!/bin/sh\n${policyMark}\n# Process ${process.pid}.\nexit 101\n`, { mode: 0o755 });
  const remove = () => rmSync(path, { force: true });
  process.once("exit", remove);
  const withdraw = () => {
    process.off("exit", remove);
    remove();
  };
  return { ours: true, withdraw };
}

/** Whose policy is there: somebody's, nobody's when the setup that made it is gone, and undefined when there is none. */
function makerOf(path) {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  if (!text.includes(policyMark)) return "somebody";
  try {
    process.kill(Number(/^# Process (\d+)\.$/m.exec(text)?.[1]), 0);
    return "somebody";
  } catch {
    return "nobody";
  }
}

/** Ends this process by a signal that comes meanwhile only when it is released. */
function holdInterrupts() {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  let held;
  const hold = (signal) => {
    if (!held) note("interrupted: this ends as soon as the installation has");
    held = signal;
  };
  for (const signal of signals) process.on(signal, hold);
  return {
    release: () => {
      for (const signal of signals) process.off(signal, hold);
      if (held) process.kill(process.pid, held);
    },
  };
}

/** The links that enable services: those of systemd, for the system and for its users, and those of the run levels. */
function enablingLinks(root) {
  const units = ["etc/systemd/system", "etc/systemd/user"].flatMap((folder) => [
    ...linksIn(root, folder),
    ...namesIn(root, folder)
      .filter((name) => /\.(wants|requires|upholds)$/.test(name))
      .flatMap((name) => linksIn(root, `${folder}/${name}`)),
  ]);
  const levels = ["S", "1", "2", "3", "4", "5"].flatMap((level) =>
    namesIn(root, `etc/rc${level}.d`)
      .filter((name) => /^S\d\d/.test(name))
      .map((name) => `etc/rc${level}.d/${name}`),
  );
  return [...units, ...levels];
}

function namesIn(root, folder) {
  try {
    return readdirSync(join(root, folder));
  } catch {
    return [];
  }
}

/** The links of a folder; one to /dev/null masks a unit, which is the opposite. */
function linksIn(root, folder) {
  return namesIn(root, folder)
    .map((name) => `${folder}/${name}`)
    .filter((path) => {
      const full = join(root, path);
      return lstatSync(full).isSymbolicLink() && readlinkSync(full) !== "/dev/null";
    });
}

async function disable(links, { root, mayRun }) {
  const [levels, units] = [links.filter(isOfRunLevel), links.filter((link) => !isOfRunLevel(link))];
  const names = [...new Set(units.map((link) => basename(link)))];
  const scripts = [...new Set(levels.map((link) => basename(link).replace(/^S\d\d/, "")))];
  // So that the next version of the package leaves it disabled too: without any link it would begin anew.
  for (const name of scripts) await attempt(root, "update-rc.d", [name, "disable"]);
  const managed = existsSync(join(root, "run/systemd/system"));
  if (mayRun && managed && names.length > 0) await attempt(root, "systemctl", ["stop", ...names]);
  if (mayRun && !managed)
    for (const name of scripts) await attempt(root, join(root, "etc/init.d", name), ["stop"]);
  for (const link of links) rmSync(join(root, link), { force: true });
  if (managed) await attempt(root, "systemctl", ["daemon-reload"]);
  const told = [...new Set([...names.map((name) => name.replace(/\.service$/, "")), ...scripts])];
  note(`services that the packages had enabled are off: ${told.join(", ")}`);
}

const isOfRunLevel = (link) => link.startsWith("etc/rc");

/** Runs a program of the system whose failure changes nothing of what follows, and is told. */
async function attempt(root, command, argumentsList) {
  const path = command.startsWith("/") ? command : findProgram(command);
  if (!path) return;
  const { code, output } = await run(path, argumentsList, { capture: true, cwd: root });
  if (code !== 0)
    warn(`${basename(command)} ${argumentsList.join(" ")}: ${output.trim().split("\n").at(-1)}`);
}

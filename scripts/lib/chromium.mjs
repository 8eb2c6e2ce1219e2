import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { modulePath, root } from "./paths.mjs";
import { findProgram, run } from "./process.mjs";
import { withoutNewServices } from "./services.mjs";
import { canInstallPackages, firstKnown, installPackages } from "./system.mjs";
import { Failure, note } from "./terminal.mjs";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

const usualPlaces = {
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  win32: [process.env.ProgramFiles, process.env.LOCALAPPDATA, process.env["ProgramFiles(x86)"]]
    .filter(Boolean)
    .map((directory) => join(directory, "Google", "Chrome", "Application", "chrome.exe")),
};

/** Where a Chromium for the browser tests is, or undefined. */
export function findChromium() {
  return (
    findProgram(...names) ??
    (usualPlaces[process.platform] ?? []).find((path) => existsSync(path)) ??
    playwrightsOwn()
  );
}

/** Makes sure there is a Chromium for the browser tests. */
export async function ensureChromium() {
  if (findChromium()) return;
  // Ubuntu has no chromium package (only a snap), Debian does.
  if (canInstallPackages() && (await firstKnown(["chromium"]))) await installPackages([["chromium"]], []);
  else await installPlaywrightsOwn();
  if (!findChromium())
    throw new Failure("There is no Chromium: install Chromium or Google Chrome for the browser tests.");
}

function playwrightsOwn() {
  try {
    const path = createRequire(join(root, "package.json"))("@playwright/test").chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

async function installPlaywrightsOwn() {
  note("downloading Playwright's Chromium");
  const command = modulePath("@playwright/test/cli.js");
  // With its dependencies, Playwright calls apt-get itself.
  const withPackages = canInstallPackages();
  const words = [command, "install", ...(withPackages ? ["--with-deps"] : []), "chromium"];
  const install = () => run(process.execPath, words, { capture: true, timeout: 10 * 60 * 1000 });
  const { code, output } = await (withPackages ? withoutNewServices(install) : install());
  if (code !== 0) {
    throw new Failure(
      `${output}\nInstall Chromium or Google Chrome for the browser tests, or: npx playwright install --with-deps chromium`,
    );
  }
}

import { desktopOptionNames } from "./command-line.ts";

/** What an operator may need to tell Chromium about the screen, the language and the keychain. */
const harmless = new Set([
  ...["user-data-dir", "password-store", "lang", "enable-logging", "log-level", "v", "vmodule"],
  ...[
    "ozone-platform",
    "ozone-platform-hint",
    "enable-wayland-ime",
    "wayland-text-input-version",
    "gtk-version",
  ],
  ...["disable-gpu", "disable-gpu-compositing", "disable-software-rasterizer", "use-gl", "use-angle"],
  ...["force-device-scale-factor", "high-dpi-support", "force-color-profile", "disable-dev-shm-usage"],
]);

interface Place {
  platform: NodeJS.Platform;
  isRoot: boolean;
}

/**
 * The first argument that a packaged application does not start with. Chromium and Node have switches that open the
 * page or the main process to other programs, or take protection away, and more with each version; so the list is of
 * what is allowed. Arguments are read as Chromium reads them.
 */
export function refusedSwitch(argv: readonly string[], place: Place): string | undefined {
  for (const argument of argv.slice(1).map((each) => each.trim())) {
    if (argument === "--") return undefined;
    const name = switchName(argument, place.platform);
    if (name !== undefined && !isAllowed(name, place)) return argument;
  }
  return undefined;
}

function switchName(argument: string, platform: NodeJS.Platform): string | undefined {
  const [, name] = /^(?:--?|\/)([^=]+)/.exec(argument) ?? [];
  if (name === undefined || (argument.startsWith("/") && platform !== "win32")) return undefined;
  return platform === "win32" ? name.toLowerCase() : name;
}

function isAllowed(name: string, { platform, isRoot }: Place): boolean {
  // As root, Electron refuses to start with its sandbox on.
  if (name === "no-sandbox") return platform === "linux" && isRoot;
  // What macOS itself adds.
  if (platform === "darwin" && /^(psn_|NS|Apple)/.test(name)) return true;
  return desktopOptionNames.includes(name) || harmless.has(name);
}

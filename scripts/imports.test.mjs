import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const scripts = import.meta.dirname;
/** Commands that install what is missing before they use it. */
const commands = [
  "audit",
  "bench",
  "build",
  "check",
  "dev",
  "interop",
  "package",
  "picture",
  "playground",
  "serve",
  "start",
  "test",
  "unit",
];

/** What a script and all that it imports statically takes from packages. */
function packagesOf(file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  const imports = [...readFileSync(file, "utf8").matchAll(/^(?:import|export) [^;]*?from "([^"]+)";/gms)];
  return imports.flatMap(([, from]) => {
    if (from.startsWith("node:")) return [];
    return from.startsWith(".") ? packagesOf(join(dirname(file), from), seen) : [`${file}: ${from}`];
  });
}

test.each(commands)("npm run %s loads on a fresh clone, where no package is installed yet", (name) => {
  const file = join(scripts, `${name}.mjs`);
  expect(existsSync(file)).toBe(true);
  expect(packagesOf(file)).toEqual([]);
});

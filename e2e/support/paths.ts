import { join } from "node:path";

/** The repository; stories and benchmarks are always started from there. */
export const root = process.cwd();

/** A built file. */
export function built(name: string): string {
  return join(root, "out", name);
}

/** A program whose place the runner tells by an environment variable; throws when it is missing. */
export function program(variable: "SWITCHYARD_ELECTRON" | "SWITCHYARD_CHROMIUM"): string {
  const path = process.env[variable];
  if (path) return path;
  throw new Error(
    `${variable} is not set: run the stories through npm test, the benchmarks through npm run bench`,
  );
}

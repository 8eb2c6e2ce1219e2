import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../process.mjs";
import { heading } from "../terminal.mjs";
import { cacheFolder } from "./cache.mjs";

/** A program of a published crate, or of a folder of this repository, built with cargo once; undefined where it cannot be had. */
export async function cargoProgram({ name, program, version, options = [], environment }) {
  const folder = join(cacheFolder, `${name}-${version}`);
  const path = join(folder, "bin", program);
  if (existsSync(path)) return path;
  heading(`Build ${name} ${version} with cargo; this takes minutes the first time`);
  const source = options.includes("--path") ? options : [name, "--version", version, "--locked", ...options];
  const { code } = await run("cargo", ["install", ...source, "--root", folder], { environment });
  return code === 0 && existsSync(path) ? path : undefined;
}

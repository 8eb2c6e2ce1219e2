import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { run } from "../process.mjs";
import { heading } from "../terminal.mjs";
import { cacheFolder } from "./cache.mjs";

/** The Go program of a folder of this repository, built once; undefined where there is no Go or no module proxy. */
export async function goProgram({ folder, version }) {
  const path = join(cacheFolder, `${folder.split("/").at(-1)}-${version}`);
  if (existsSync(path)) return path;
  heading(`Build ${folder} with Go; this takes minutes the first time`);
  const cwd = join(root, folder);
  const tidy = await run("go", ["mod", "tidy"], { cwd });
  if (tidy.code !== 0) return undefined;
  const { code } = await run("go", ["build", "-o", path, "."], { cwd });
  return code === 0 ? path : undefined;
}

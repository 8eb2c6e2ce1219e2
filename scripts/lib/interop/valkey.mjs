import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram, run } from "../process.mjs";
import { heading } from "../terminal.mjs";
import { cacheFolder } from "./cache.mjs";

/** Debian's releases that have a Valkey, beside the one that this machine may be on. */
const suites = ["trixie", "bookworm-backports"];

/** A `valkey-server`: named, on the path, or Debian's package unpacked into the cache; undefined where there is none. */
export async function valkeyServer() {
  const named = process.env.SWITCHYARD_VALKEY ?? findProgram("valkey-server");
  if (named) return named;
  const folder = join(cacheFolder, "valkey");
  const path = join(folder, "usr", "bin", "valkey-server");
  if (await runs(path)) return path;
  if (!findProgram("apt-get") || !findProgram("dpkg")) return undefined;
  heading("Fetch Debian's Valkey; nothing is installed");
  for (const suite of suites) {
    rmSync(folder, { recursive: true, force: true });
    if ((await unpackFrom(suite, folder)) && (await runs(path))) return path;
  }
  return undefined;
}

async function runs(path) {
  return existsSync(path) && (await run(path, ["--version"], { capture: true })).code === 0;
}

/** Reads the lists of one release in a folder of its own, and unpacks the packages there: the machine's own stay as they are. */
async function unpackFrom(suite, target) {
  const sources = debianSources(suite);
  if (!sources) return false;
  const folder = mkdtempSync(join(tmpdir(), "switchyard-valkey-"));
  try {
    for (const name of ["lists/partial", "cache/archives/partial"])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, "valkey.sources"), sources);
    const options = [
      ["Dir::Etc::sourcelist", join(folder, "valkey.sources")],
      ["Dir::Etc::sourceparts", "/dev/null"],
      ["Dir::State::lists", join(folder, "lists")],
      ["Dir::Cache", join(folder, "cache")],
    ].flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    const apt = (...words) => run("apt-get", [...options, "-qq", ...words], { cwd: folder });
    if ((await apt("update")).code !== 0) return false;
    // The server is a link to a program of the tools.
    if ((await apt("download", "valkey-server", "valkey-tools")).code !== 0) return false;
    mkdirSync(target, { recursive: true });
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".deb")))
      if ((await run("dpkg", ["-x", join(folder, file), target])).code !== 0) return false;
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The machine's own Debian source, for another release; undefined on what is no Debian. */
function debianSources(suite) {
  const path = "/etc/apt/sources.list.d/debian.sources";
  if (!existsSync(path)) return undefined;
  const [first = ""] = readFileSync(path, "utf8").split(/\n\s*\n/);
  return `${first.replace(/^Suites:.*$/m, `Suites: ${suite}`)}\n`;
}

import { modulePath } from "./paths.mjs";
import { run } from "./process.mjs";

const folders = ["shared", "electron", "playground", "renderer", "e2e", "recordings"];

/** What dependency-cruiser finds: `{ modules, summary }`; undefined with its output where it gives no result. */
export async function readImports() {
  const tool = modulePath("dependency-cruiser/bin/dependency-cruise.mjs");
  const { output, standardOutput } = await run(
    process.execPath,
    [tool, "--config", ".dependency-cruiser.cjs", "--output-type", "json", ...folders],
    { capture: true },
  );
  try {
    return { found: JSON.parse(standardOutput), output };
  } catch {
    return { found: undefined, output };
  }
}

/** Parts of the main process and of the page that stand for themselves; every other folder of theirs is a system or a page. */
const ownParts = {
  electron: ["main", "app", "bridge", "connections", "upstream", "storage", "sockets"],
  renderer: ["shell", "command", "client", "ui", "state"],
};
const leftOut = /\.test\.tsx?$|\/testing\/|\/tests\/|^(e2e|recordings)\/|vite\.config\.ts$|\.d\.ts$/;

/** The part of the picture that a module belongs to; undefined where it is no part of the application. */
export function partOf(file) {
  if (leftOut.test(file)) return undefined;
  const [layer, folder, ...rest] = file.split("/");
  if (layer === "shared" || layer === "playground") return layer;
  if (!(layer in ownParts)) return undefined;
  // What lies in the layer itself puts it together.
  if (rest.length === 0) return layer === "electron" ? "electron/app" : "renderer/shell";
  if (ownParts[layer].includes(folder)) return `${layer}/${folder}`;
  return layer === "electron" ? "electron/systems" : "renderer/pages";
}

/** The import graph of the modules folded to parts, and reduced: an arrow that a way of other arrows says already is left out. */
export function foldedGraph(modules) {
  const edges = new Map();
  const members = new Map();
  for (const { source, dependencies } of modules) {
    const from = partOf(source);
    if (from === undefined) continue;
    if (!edges.has(from)) edges.set(from, new Set());
    members.set(from, (members.get(from) ?? new Set()).add(source.split("/")[1]));
    for (const to of dependencies.map(({ resolved }) => partOf(resolved)))
      if (to !== undefined && to !== from) edges.get(from).add(to);
  }
  const parts = [...edges.keys()].sort();
  return {
    parts,
    arrows: parts.flatMap((from) =>
      [...edges.get(from)]
        .filter(
          (to) => ![...edges.get(from)].some((by) => by !== to && reaches(edges, by, to, new Set([from]))),
        )
        .sort()
        .map((to) => `${from} -> ${to}`),
    ),
    names: Object.fromEntries(
      ["electron/systems", "renderer/pages"].map((part) => [part, [...(members.get(part) ?? [])].sort()]),
    ),
  };
}

function reaches(edges, from, to, seen) {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return [...(edges.get(from) ?? [])].some((next) => reaches(edges, next, to, seen));
}

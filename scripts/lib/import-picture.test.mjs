import { expect, test } from "vitest";
import { foldedGraph, partOf } from "./import-graph.mjs";
import { contentOf, differences, drawGraph, graphIn } from "./import-picture.mjs";

const imports = (source, ...targets) => ({
  source,
  dependencies: targets.map((resolved) => ({ resolved })),
});
const modules = [
  imports(
    "electron/app/app.ts",
    "electron/forge/feature.ts",
    "electron/storage/storage.ts",
    "shared/catalogue.ts",
  ),
  imports("electron/forge/feature.ts", "electron/storage/storage.ts", "node_modules/zod/index.js"),
  imports("electron/lattice/feature.test.ts", "playground/playground.ts"),
  imports("electron/storage/storage.ts", "shared/catalogue.ts"),
  imports("shared/catalogue.ts"),
];
const graph = foldedGraph(modules);

test("modules fold to parts, and tests to none", () => {
  expect(partOf("renderer/forge/jobs-page.tsx")).toBe("renderer/pages");
  expect(partOf("renderer/main.tsx")).toBe("renderer/shell");
  expect(partOf("electron/bridge/activity/machine.ts")).toBe("electron/bridge");
  expect(partOf("electron/lattice/feature.test.ts")).toBeUndefined();
  expect(partOf("e2e/stories/scale.story.ts")).toBeUndefined();
});

test("an arrow that others say already is left out", () => {
  expect(graph.arrows).toEqual([
    "electron/app -> electron/systems",
    "electron/storage -> shared",
    "electron/systems -> electron/storage",
  ]);
  expect(graph.names["electron/systems"]).toEqual(["forge"]);
});

test("parts that import each other keep both arrows", () => {
  const both = foldedGraph([
    imports("shared/a.ts", "playground/b.ts"),
    imports("playground/b.ts", "shared/a.ts"),
  ]);
  expect(both.arrows).toEqual(["playground -> shared", "shared -> playground"]);
});

test("a picture says which graph it shows, and what has changed since", async () => {
  const picture = await drawGraph(graph);
  expect(differences(graphIn(picture), contentOf(graph))).toEqual([]);
  expect(await drawGraph(graph)).toBe(picture);
  const more = foldedGraph([...modules, imports("electron/flux/feature.ts", "electron/upstream/http.ts")]);
  expect(differences(graphIn(picture), contentOf(more))).toEqual([
    "electron/systems forge is not so any more",
    "electron/systems flux forge is missing",
    "electron/systems -> electron/upstream is missing",
  ]);
});

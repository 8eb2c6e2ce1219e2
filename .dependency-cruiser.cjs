// Who may import whom. Each rule names what a folder may use; everything else of the project is forbidden to it.
const project = "^(shared|electron|playground|renderer|e2e|scripts)/";
// What only tests use counts as one.
const test = "(\\.test\\.tsx?|/testing/[^/]+\\.tsx?)$";
const electronFeature = "^electron/(lattice|flowfabric|forge|flux)/";
const rendererFeature = "^renderer/(?!client/|ui/|state/|shell/|command/)([^/]+)/";

/** A rule: files matching `from` may import, of the project, only what matches one of `allowed` (tests also the playground). */
function only(name, comment, from, allowed) {
  const rule = (suffix, source, more) => ({
    name: `${name}${suffix}`,
    comment,
    severity: "error",
    from: source,
    to: { path: project, pathNot: [...allowed, ...more] },
  });
  return [
    rule("", { path: from, pathNot: test }, []),
    rule("-in-tests", { path: `${from}.*${test}` }, [
      "^(playground|electron/storage)/",
      "^(electron/upstream|renderer/testing)/",
    ]),
  ];
}

/** A rule that forbids one direction outright. */
function never(name, comment, from, to) {
  return { name, comment, severity: "error", from, to };
}

module.exports = {
  forbidden: [
    ...only("shared-stands-alone", "The contract knows nothing but itself.", "^shared/", ["^shared/"]),
    never(
      "shared-uses-zod-only",
      "The contract is pure: no other package, no DOM, no Node.",
      { path: "^shared/", pathNot: test },
      { dependencyTypesNot: ["local", "aliased"], pathNot: ["^node_modules/zod/", project] },
    ),
    ...only(
      "electron-feature",
      "A feature of the main process uses the contract, the connections, the upstream, the sockets and the storage; no bridge, no other feature.",
      electronFeature,
      ["^shared/", "^electron/(connections|upstream|sockets|storage)/", "^electron/$1/"],
    ),
    ...only("bridge", "The bridge knows operations only through the contract.", "^electron/bridge/", [
      "^shared/contract/",
      "^electron/(bridge|sockets)/",
      "^electron/upstream/emitter\\.ts$",
    ]),
    ...only(
      "sockets",
      "The sockets of a server stand alone: what they carry is not theirs.",
      "^electron/sockets/",
      ["^electron/sockets/"],
    ),
    ...only("connections", "Connections know no feature and no bridge.", "^electron/connections/", [
      "^shared/",
      "^electron/(connections|upstream|storage)/",
    ]),
    ...only("upstream", "What the clients of far systems share knows none of them.", "^electron/upstream/", [
      "^shared/",
      "^electron/upstream/",
    ]),
    ...only("storage", "The storage knows no feature, no connection and no bridge.", "^electron/storage/", [
      "^shared/",
      "^electron/storage/",
    ]),
    never(
      "playground-stands-alone",
      "Written from the protocol pages alone, so that one mistake cannot hide on both sides.",
      { path: "^playground/" },
      { path: project, pathNot: "^playground/" },
    ),
    never(
      "playground-packages",
      "The simulated systems need clients of NATS and Redis, a websocket and Node, nothing else.",
      { path: "^playground/", pathNot: test },
      { path: "node_modules/", pathNot: "^node_modules/(nats|iovalkey|ws|@types/ws|@types/node)/" },
    ),
    ...only("main-process", "The main process never reaches into the renderer.", "^electron/", [
      "^(electron|shared|playground)/",
    ]),
    never(
      "electron-package",
      "Only these files know that there is an Electron, so that everything else runs and is tested without.",
      {
        pathNot: [
          "^electron/main/",
          "^electron/bridge/ipc\\.ts$",
          "^electron/connections/secrets-keychain\\.ts$",
          // A story names the types of what it asks the running application.
          "^e2e/(stories|security)/",
        ],
      },
      { path: ["^node_modules/electron/", "^electron$"] },
    ),
    ...only(
      "renderer-feature",
      "A page uses the client, the parts and the view state; never another feature.",
      rendererFeature,
      ["^shared/", "^renderer/(client|ui|state|command)/", "^renderer/$1/"],
    ),
    ...only("renderer-command", "The way of a command is the same for every feature.", "^renderer/command/", [
      "^shared/",
      "^renderer/(client|ui|state|command)/",
    ]),
    ...only("renderer-ui", "The parts know no domain.", "^renderer/ui/", [
      "^shared/contract/",
      "^renderer/(ui|state)/",
    ]),
    ...only(
      "renderer-base",
      "The client and the view state know no page and no part.",
      "^renderer/(client|state)/",
      ["^shared/", "^renderer/(client|state)/"],
    ),
    ...only("renderer", "The renderer knows the contract and nothing else.", "^renderer/", [
      "^(renderer|shared)/",
    ]),
    never(
      "renderer-in-a-browser",
      "The renderer runs in a sandbox, and in a plain browser.",
      { path: "^renderer/", pathNot: [test, "^renderer/vite\\.config\\.ts$"] },
      { dependencyTypes: ["core"] },
    ),
    never(
      "stories-from-outside",
      "Whole-application stories drive the application from outside; the contract is all they share with it.",
      { path: "^e2e/(?!bench/)" },
      { path: project, pathNot: ["^e2e/", "^shared/"] },
    ),
    never(
      "recordings-are-for-tests",
      "What the real programs said is no part of the application.",
      { path: project, pathNot: [test, "^e2e/"] },
      { path: "^recordings/" },
    ),
    never(
      "benchmarks-of-a-part",
      "A benchmark may measure one part of the main process by itself, but not the page's.",
      { path: "^e2e/bench/" },
      { path: project, pathNot: ["^e2e/", "^shared/", "^electron/"] },
    ),
    never(
      "tests-are-leaves",
      "Nothing imports a test.",
      { pathNot: "^e2e/" },
      { path: ["\\.test\\.tsx?$", "^e2e/"] },
    ),
    never("no-cycles", "A cycle has no first part to understand.", {}, { circular: true }),
    never("resolvable", "An import that leads nowhere.", {}, { couldNotResolve: true }),
    never(
      "no-orphans",
      "A module that imports nothing and that nothing imports is dead.",
      { orphan: true, pathNot: ["\\.d\\.ts$", test] },
      {},
    ),
  ],
  options: {
    // Imports of types count: a type is knowledge too.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".cjs", ".json", ".d.ts"],
    },
  },
};

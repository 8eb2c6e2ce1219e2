import fc from "fast-check";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { type OperationName, operations } from "../shared/catalogue.ts";
import { forgeTargetSchema } from "../shared/connections/forge-target.ts";
import { latticeTargetSchema } from "../shared/connections/schema.ts";
import { Failure, type Operation, type WireRequest } from "../shared/contract/index.ts";
import { commandsOf as activityCommands, farCommandOf } from "./activity/activity-commands.ts";
import { curlOf } from "./command/curl-commands.ts";
import { type CommandWords, type CopiedLine, scriptOf, type Word } from "./command/shells/command-line.ts";
import { posix } from "./command/shells/posix.ts";
import {
  intruder,
  pathOf,
  port,
  runIn,
  shellNames,
  token,
  type Way,
} from "./command/testing/run-commands.ts";
import type { CopiedCommands } from "./command/wire-commands.ts";
import * as forge from "./forge/copy-as.ts";
import { claimCommands } from "./lattice/claims/claim-drawer.tsx";
import { putConfigCommands } from "./lattice/configs/config-drawer.tsx";
import { type CommandPlace, inventoryCommands, scaleCommands } from "./lattice/copy-as.ts";
import * as workloads from "./lattice/copy-workloads.ts";
import { deleteLinkCommands, putLinkCommands } from "./lattice/links/link-commands.ts";
import { auctionCommands } from "./lattice/placement/copy-auction.ts";
import { hasHidden } from "./ui/hidden-characters.ts";

beforeAll(() => {
  // The desktop's page, whose commands have a variable for the port.
  vi.stubGlobal("window", { location: { origin: "null", protocol: "app:" } });
});

const map = (text: string) => ({ [text]: text, plain: text });

/** Every command on a lattice, with one text in all of its fields. */
function latticeLines(text: string): CopiedLine[] {
  const target = latticeTargetSchema.parse({ addresses: ["nats://n.test:4222"], lattice: "default" });
  const lattice = text.replaceAll(".", "_");
  const place: CommandPlace = { connectionId: text, lattice, target };
  const hostile: CommandPlace = { ...place, target: { ...target, topicPrefix: text, addresses: [text] } };
  const at = { connectionId: text, lattice, hostId: lattice };
  const component = {
    ...at,
    componentId: text,
    imageReference: text,
    annotations: map(text),
    config: [text],
  };
  const provider = { ...at, providerId: text, imageReference: text, annotations: map(text), config: [text] };
  const link = {
    ...{ sourceId: text, target: text, name: text, witNamespace: text, witPackage: text },
    ...{ interfaces: [text], sourceConfig: [text], targetConfig: [text] },
  };
  const question = { id: text, imageReference: text, constraints: map(text) };
  const all: CopiedCommands[] = [place, hostile].flatMap((where) => [
    inventoryCommands(where, lattice),
    scaleCommands(where, { ...component, maxInstances: 2, limits: map(text) }),
    workloads.startComponentCommands(where, { ...component, limits: { max_memory_limit: text } } as never),
    workloads.updateCommands(where, component),
    workloads.startProviderCommands(where, provider),
    workloads.stopProviderCommands(where, provider),
    workloads.stopHostCommands(where, at),
    workloads.putLabelCommands(where, { ...at, key: text, value: text }),
    workloads.deleteLabelCommands(where, { ...at, key: text }),
    auctionCommands(where, { kind: "component", ...question }),
    auctionCommands(where, { kind: "provider", ...question }),
    claimCommands(where),
    putConfigCommands(where, { name: lattice, values: map(text) }),
    putLinkCommands(where, link),
    deleteLinkCommands(where, link),
  ]);
  return all.flatMap(({ wash, nats, curl }) => [...wash, ...nats, ...curl]);
}

/** Every operation that the console declares, as curl. */
function consoleLines(text: string): CopiedLine[] {
  return Object.entries<Operation>(operations).map(([name, { path }]) => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, field = ""]) => [field, text]);
    const input = { ...Object.fromEntries(inPath), [text]: text, list: [text], inner: map(text) };
    return curlOf(name as OperationName, input as never);
  });
}

function forgeLines(text: string): CopiedLine[] {
  const target = forgeTargetSchema.parse({ url: "http://jobs.test:8080/api/" });
  const connectionId = text;
  const payload = JSON.stringify({ [text]: text }, null, 2);
  const all = [
    forge.commandsOf("forge.queues.set-paused", [{ connectionId, name: text, paused: true }], target),
    forge.commandsOf("forge.jobs.enqueue-demo", [{ connectionId, payload }], target),
    forge.commandsOf("forge.jobs.delete", [{ connectionId, ids: [text, text] }], target),
    forge.commandsOf("forge.cron.set-expression", [{ connectionId, name: text, expression: text }], target),
    forge.readCommandsOf({ name: "forge.jobs.get", connectionId, id: text }, target),
  ];
  return all.flatMap((commands) => forge.forgeTools.flatMap((tool) => commands[tool]));
}

/** Activities that hold whatever another console or an older version recorded. */
function activityLines(text: string): CopiedLine[] {
  const input = { connectionId: text, lattice: text, hostId: text };
  const far = { protocol: "http", address: `http://ff.test/${text}`, method: "POST" } as const;
  const requests: WireRequest[] = [
    { protocol: "nats", address: text, payload: text },
    { protocol: "nats", address: `x.v1.${text}.label.put.${text}`, payload: { key: text, value: text } },
    { ...far, payload: { [text]: text } },
    { ...far, payload: text },
  ];
  return requests.flatMap((request) => {
    const activity = { operation: "lattice.hosts.stop", input, request };
    const fromFar = farCommandOf(activity);
    const fromLattice = request.protocol === "nats" ? activityCommands(activity, undefined) : {};
    return [...Object.values(fromLattice).flat(), ...(fromFar ? [fromFar] : [])];
  });
}

function everyLine(text: string): CopiedLine[] {
  return [latticeLines, consoleLines, forgeLines, activityLines].flatMap((make) => {
    try {
      return make(text);
    } catch (error) {
      // Half a character cannot stand in an address.
      if (error instanceof URIError) return [];
      throw error;
    }
  });
}

/** What each program is to get, worked out without any shell. */
function expectedCall({ rows, bearer = false }: CommandWords): Word[] {
  const [first = [], ...others] = rows;
  if (!bearer) return rows.flat();
  return [...first, "-H", "@-", ...others.flat(), `Authorization: Bearer ${token}`];
}

function expectSameWords(calls: readonly string[][], commands: readonly CommandWords[]): void {
  expect(calls).toHaveLength(commands.length);
  for (const [index, command] of commands.entries()) {
    const expected = expectedCall(command);
    const call = calls[index] ?? [];
    expect(call).toHaveLength(expected.length);
    for (const [at, word] of expected.entries()) expectSameWord(call[at] ?? "", word);
  }
}

function expectSameWord(read: string, word: Word): void {
  if (typeof word === "string") expect(read).toBe(word);
  else if ("variable" in word) expect(read).toBe(word.before + port + word.after);
  else if (read !== word.json) expect(JSON.parse(read)).toEqual(JSON.parse(word.json));
}

/** The lines that are not refused. */
function copyable(lines: readonly CopiedLine[]): {
  script: string;
  commands: CommandWords[];
  refused: number;
} {
  const kept: CopiedLine[] = [];
  for (const line of lines) {
    try {
      scriptOf([line], posix);
      kept.push(line);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
  const commands = kept.filter((line) => "rows" in line);
  return { script: scriptOf(kept, posix), commands, refused: lines.length - kept.length };
}

function expectHarmless(shell: string, lines: readonly CopiedLine[], way: Way): void {
  const { script, commands } = copyable(lines);
  expect(hasHidden(script.replaceAll("\n", ""))).toBe(false);
  const { calls, strays } = runIn(shell, script, way);
  expect(strays).toEqual([]);
  expectSameWords(calls, commands);
}

const pieces = [
  ...`'"\\\`$;&|<>(){}[]*?~!#%=-@:,. ^`,
  ...["$(intruder)", "`intruder`", ";intruder;", "\nintruder\n", "\r\nintruder\n", "$IFS", "!!", "!intruder"],
  ...["'", "\\'", "'\"'", '"\'"', "\\\\", "'\\''", "a", "é", "漢", "😀", "‘", "’", "“", "\u00a0", "\u3000"],
  ...[
    "\u0000",
    "\u0003",
    "\u0004",
    "\u0015",
    "\u001b[201~",
    "\u007f",
    "\u009b201~",
    "\u2028",
    "\u202e",
    "\ud800",
  ],
  ...[
    "--",
    "-x",
    "@file",
    "=ls",
    "~root",
    "{{ID}}",
    "%s",
    "x".repeat(300),
    "'".repeat(120),
    "; intruder ".repeat(99),
  ],
];
const hostile = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, fc.string({ maxLength: 4 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((all) => all.join(""))
  .filter((text) => text !== "");

/** One text and some of the lines that have it, so that a run stays short. */
const someLines = fc.tuple(hostile, fc.infiniteStream(fc.nat(999))).map(([text, order]) => {
  const lines = everyLine(text);
  return Array.from({ length: 24 }, () => lines[(order.next().value ?? 0) % lines.length]).filter(
    (line) => line !== undefined,
  );
});

function describeShell(name: string, way: Way, tests: () => void): void {
  const missing = [name, ...(way === "terminal" ? ["script"] : [])].filter((program) => !pathOf(program));
  if (missing.length > 0) {
    process.stderr.write(
      `NOT TESTED as a ${way} in ${name}: there is no ${missing.join(" and no ")} here.\n`,
    );
  }
  describe.skipIf(missing.length > 0)(`a ${way} in ${name}`, tests);
}

describe("a copied command runs nothing but itself, and every word arrives as it is", () => {
  for (const shell of shellNames) {
    describeShell(shell, "script", () => {
      it("whatever the fields hold", () => {
        fc.assert(
          fc.property(someLines, (lines) => expectHarmless(shell, lines, "script")),
          { numRuns: 12 },
        );
      });

      it("in every command that there is", () => {
        expectHarmless(shell, everyLine(`'"; ${intruder} ;\\'$(${intruder})\`${intruder}\`>x "'-`), "script");
      });
    });

    describeShell(shell, "terminal", () => {
      // fish edits its lines itself, and draws all of them anew for each key.
      it.skipIf(shell === "fish")("also where a field is longer than the longest line of a terminal", () => {
        expectHarmless(shell, latticeLines("; intruder ".repeat(420)).slice(0, 2), "terminal");
      });

      it("also where it is typed", { timeout: 240_000 }, () => {
        fc.assert(
          fc.property(someLines, (lines) => expectHarmless(shell, lines, "terminal")),
          { numRuns: shell === "fish" ? 2 : 5 },
        );
      });
    });
  }
});

describe("a text without hidden characters", () => {
  it("is never refused", () => {
    fc.assert(
      fc.property(
        hostile.filter((text) => !hasHidden(text)),
        (text) => {
          expect(copyable(everyLine(text)).refused).toBe(0);
        },
      ),
      { numRuns: 20 },
    );
  });
});

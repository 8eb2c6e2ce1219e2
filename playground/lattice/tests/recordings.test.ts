import { describe, expect, it } from "vitest";
import type { LatticeVersion } from "../../../recordings/recordings.ts";
import { latticeMessages, latticeVersions } from "../../../recordings/recordings.ts";
import type { HostOptions } from "../host/host-settings.ts";
import { courseOf, type Exception, unexplained, untold } from "../testing/recorded-course.ts";
import { replay } from "../testing/recorded-replay.ts";
import { SimulatedTarget } from "../testing/simulated-target.ts";

const exceptions: readonly Exception[] = [
  ...untold,
  { version: "mixed", lines: [112, 112], reason: "two deletions in one form, by hosts of two versions" },
  {
    version: "1.9.2",
    lines: [519, 519],
    skip: true,
    reason: "the policy service that is away is not simulated",
  },
  { version: "1.9.2", lines: [549, 552], skip: true, reason: "a registry that hangs; traps.test.ts has one" },
];

function settingsOf(name: string): HostOptions {
  if (name === "bi") return { builtinProviders: ["http-server", "http-client", "messaging-nats"] };
  if (name === "nf") return { fileLoading: false };
  return name === "x-dom" ? { domain: "hub" } : {};
}

describe("simulated hosts do as the recorded ones", () => {
  it.each<LatticeVersion>([...latticeVersions])("%s", { timeout: 60_000 }, async (version) => {
    const messages = latticeMessages(version);
    const target = await SimulatedTarget.start(messages, settingsOf);
    try {
      const differences = await replay(messages, courseOf(version, exceptions), target);
      expect(unexplained(version, exceptions, differences)).toEqual({ differences: [], needless: [] });
    } finally {
      await target.close();
    }
  });
});

describe("a table of exceptions", () => {
  const table: Exception[] = [
    { version: "1.9.2", lines: [1, 9], request: "host_started", reason: "labels" },
    { version: "1.9.2", lines: [20, 20], reason: "nothing that shows" },
  ];
  const differs = (line: number, request: string) => ({ line, request, recorded: "a", simulated: "b" });

  it("explains the kind of difference that it names, at its lines", () => {
    const [started, reply, later] = [
      differs(3, "host_started"),
      differs(3, "link.put reply"),
      differs(10, "host_started"),
    ];
    const left = unexplained("1.9.2", table, [started, reply, later]);
    expect(left).toEqual({ differences: [reply, later], needless: [table[1]] });
  });

  it("leaves every difference of another version", () => {
    const started = differs(3, "host_started");
    expect(unexplained("1.4.2", table, [started])).toEqual({ differences: [started], needless: [] });
  });
});

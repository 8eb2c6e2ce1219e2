import { describe, expect, it } from "vitest";
import { type OperationName, operations } from "../../shared/catalogue.ts";
import type { CommandOperation } from "../../shared/contract/index.ts";
import { everyCommand } from "../../shared/testing/every-command.ts";
import { recordedInput } from "../bridge/recorded-input.ts";

const commands = everyCommand({ connectionId: "here", hostId: `N${"A".repeat(55)}` });

let tooLong = 0;
const daemon = { daemonId: "shop" };

function recorded(name: OperationName, input: object): unknown {
  return recordedInput(operations[name], { connectionId: "here", ...input });
}

describe.each(commands)("an input of %s that was recorded", (name, input) => {
  const operation = operations[name] as CommandOperation;

  it("without its secrets, is read as it would be parsed", () => {
    const parsed = operation.input.parse(input);
    const kept = operation.redact?.(parsed) ?? parsed;
    expect(recordedInput(operation, structuredClone(kept))).toEqual(kept);
  });

  it("is read also where a text of it is longer than allowed by now", () => {
    const parsed = operation.input.parse(input) as Record<string, unknown>;
    for (const [field, value] of Object.entries(parsed)) {
      const long = { ...parsed, [field]: `${value}${"x".repeat(1_000_000)}` };
      const issues = operation.input.safeParse(long).error?.issues ?? [];
      if (issues.length === 0 || issues.some(({ code }) => code !== "too_big")) continue;
      expect(recordedInput(operation, long)).toEqual(long);
      tooLong += 1;
    }
  });
});

it("was longer than allowed for many commands", () => {
  expect(tooLong).toBeGreaterThan(20);
});

describe("what was allowed when it was sent", () => {
  it.each([
    ["an author who is no Name <email>", "flux.sync.start", { ...daemon, user: "ops", message: "now" }],
    [
      "a workload by another form of id",
      "flux.release",
      {
        ...daemon,
        user: "",
        message: "",
        release: { kind: "image", workloads: ["checkout"], image: "checkout:1", excludes: [], force: false },
      },
    ],
    [
      "containers of a workload by another form of id",
      "flux.release",
      {
        ...daemon,
        user: "",
        message: "",
        release: {
          kind: "containers",
          updates: { checkout: [{ container: "web", target: "checkout:1" }] },
          skipMismatches: false,
          force: false,
        },
      },
    ],
    ["a config by another name", "lattice.configs.delete", { lattice: "default", name: "my config.v1" }],
    ["more jobs at once", "forge.jobs.retry", { ids: Array.from({ length: 5_000 }, (_, id) => `${id}`) }],
  ] as const)("is read again: %s", (_what, name, input) => {
    expect(operations[name].input.safeParse({ connectionId: "here", ...input }).success).toBe(false);
    expect(recorded(name, input)).toEqual({ connectionId: "here", ...input });
  });

  it("has today's defaults of what did not exist then", () => {
    expect(recorded("flux.sync.start", { ...daemon, user: "ops" })).toMatchObject({
      user: "ops",
      message: "",
    });
  });

  it("is read without the fields that do not exist any more", () => {
    const input = { ...daemon, user: "ops", message: "", tenant: "eu" };
    expect(recorded("flux.sync.start", input)).not.toHaveProperty("tenant");
  });
});

describe("what is no input of the operation", () => {
  it.each([
    ["a field is missing", "forge.queues.set-paused", { queueName: "default" }],
    ["a field is of another kind", "flux.sync.start", { ...daemon, user: { name: "ops" } }],
    ["a word has no meaning", "forge.jobs.retry-all-by-status", { status: "sleeping" }],
    ["its place is missing", "flux.sync.start", {}],
  ] as const)("is refused: %s", (_what, name, input) => {
    expect(() => recorded(name, input)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  });
});

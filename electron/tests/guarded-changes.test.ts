import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { OperationName } from "../../shared/catalogue.ts";
import type { Activity, FailureData, Guard, Reply } from "../../shared/contract/index.ts";
import type { ConsoleOptions } from "../app/app.ts";
import { UnderTest } from "../testing/console.ts";

class Here extends UnderTest {
  guards: ReadonlyMap<string, Guard> = new Map();

  constructor() {
    super("shop");
  }

  protected override ownOptions(): Partial<ConsoleOptions> {
    return { guards: this.guards };
  }

  /** A call of the window or of the HTTP interface, confirmed with the phrase where one is given. */
  async as(
    transport: "ipc" | "http",
    name: OperationName,
    input: object,
    phrase?: string | null,
  ): Promise<Reply<never>> {
    // Over HTTP only files of this folder may be named.
    const files = join(this.directory, "files");
    const scoped = JSON.parse(
      JSON.stringify({ connectionId: "shop", ...input }).replace("~files", files),
    ) as object;
    const context = { transport, actor: transport, scope: "change" } as const;
    const first = (await this.running.dispatcher.call(name, scoped, {}, context)) as Reply<never>;
    if (first.ok || phrase === undefined || first.failure.code !== "confirmation_required") return first;
    const token = String(first.failure.details?.token);
    const confirmation = phrase === null ? { token } : { token, phrase };
    return (await this.running.dispatcher.call(name, scoped, { confirmation }, context)) as Reply<never>;
  }

  async recorded(): Promise<Activity[]> {
    return this.output("activity.list", { connectionId: undefined });
  }
}

const target = { url: "http://127.0.0.1:9", authentication: { method: "bearer" } };
const profile = (guard: Guard, more: object = {}) => ({
  ...{ name: "Shop", color: "#123456", environment: "T", guard, relockMinutes: 5, openAtStart: false },
  ...{ system: "forge", target },
  ...more,
});

let here: Here;
beforeEach(async () => {
  here = new Here();
  await here.restart();
});
afterEach(() => here.close());

const save = (guard: Guard, more?: object) =>
  here.output("connections.save", { profile: profile(guard, more) });
const guardNow = async () => (await here.output("connections.list"))[0]?.profile.guard;

function codeOf(reply: Reply<unknown>): FailureData["code"] | "ok" {
  return reply.ok ? "ok" : reply.failure.code;
}

/** What makes less of a guard, or gets past it. */
const changes: [string, OperationName, object][] = [
  ["a looser guard", "connections.save", { profile: profile("open") }],
  [
    "another address",
    "connections.save",
    { profile: profile("read-only", { target: { url: "http://evil:1" } }) },
  ],
  [
    "another CA",
    "connections.save",
    { profile: profile("read-only", { target: { ...target, caFile: "~files/ca.pem" } }) },
  ],
  [
    "another system",
    "connections.save",
    { profile: profile("read-only", { system: "flux", target: { port: 0 } }) },
  ],
  [
    "a looser guard beside new secrets",
    "connections.save",
    { profile: profile("confirm"), secrets: { token: "SECRET-1" } },
  ],
  ["another name to type", "connections.save", { profile: profile("read-only", { name: "Pod" }) }],
  ["removal", "connections.remove", {}],
  ["a twin", "connections.save", { connectionId: "twin", profile: profile("open") }],
  ...[
    "http://127.0.0.1:9/",
    "https://localhost:9",
    "http://[::1]:9",
    "http://127.1:9",
    "http://[::ffff:127.0.0.1]:9",
  ].map((url): [string, OperationName, object] => [
    `a twin at ${url}`,
    "connections.save",
    { connectionId: "twin", profile: profile("confirm", { target: { url } }) },
  ]),
];

describe.each(changes)("%s", (_what, name, input) => {
  it("of a read-only connection is for the window, and its name is typed there", async () => {
    await save("read-only");
    const before = await here.output("connections.list");
    expect(codeOf(await here.as("http", name, input, "Shop"))).toBe("forbidden");
    expect(codeOf(await here.as("ipc", name, input))).toBe("confirmation_required");
    expect(codeOf(await here.as("ipc", name, input, null))).toBe("confirmation_required");
    expect(codeOf(await here.as("ipc", name, input, "shop"))).toBe("confirmation_required");
    expect(await here.output("connections.list")).toEqual(before);
    expect(await here.recorded()).toEqual([]);
    expect(codeOf(await here.as("ipc", name, input, "Shop"))).toBe("ok");
    const [activity] = await here.recorded();
    await here.reaches(String(activity?.id), "verified");
    expect(activity).toMatchObject({ operation: name, actor: "ipc", target: { kind: "connection" } });
    expect(JSON.stringify(await here.recorded())).not.toContain("SECRET-1");
  });

  it("of a protected connection asks for the name that it has", async () => {
    const given = JSON.parse(JSON.stringify(input).replaceAll('"read-only"', '"protected"')) as object;
    await save("protected");
    expect(codeOf(await here.as("http", name, given, null))).toBe("confirmation_required");
    expect(await guardNow()).toBe("protected");
    expect(codeOf(await here.as("http", name, given, "Shop"))).toBe("ok");
    expect(await here.recorded()).toHaveLength(1);
  });
});

it("asks for nothing where a guard is raised, or nothing of it changes, and records nothing", async () => {
  await save("confirm");
  const same = { color: "#654321", environment: "X", openAtStart: true };
  for (const guard of ["confirm", "protected", "read-only", "read-only"] as const) {
    const slower = { ...same, target: { ...target, requestTimeoutMs: 777 } };
    expect(codeOf(await here.as("http", "connections.save", { profile: profile(guard, slower) }))).toBe("ok");
  }
  expect(await guardNow()).toBe("read-only");
  expect(await here.recorded()).toEqual([]);
});

it("records what needs no confirmation too", async () => {
  await save("open");
  expect(
    codeOf(
      await here.as("http", "connections.save", {
        profile: profile("open", { target: { url: "http://b:1" } }),
      }),
    ),
  ).toBe("ok");
  expect(codeOf(await here.as("http", "connections.remove", {}))).toBe("ok");
  expect((await here.recorded()).map(({ title }) => title)).toEqual([
    "Remove the connection Shop",
    "Change Shop: where it leads",
  ]);
});

it("leaves a longer unlocking to whoever knows the name", async () => {
  await save("protected");
  expect(
    codeOf(
      await here.as(
        "http",
        "connections.save",
        { profile: profile("protected", { relockMinutes: 6 }) },
        null,
      ),
    ),
  ).toBe("confirmation_required");
  expect(
    codeOf(
      await here.as("http", "connections.save", { profile: profile("protected", { relockMinutes: 4 }) }),
    ),
  ).toBe("ok");
});

it("does not confirm for one target what was asked for another", async () => {
  await save("confirm");
  const input = { connectionId: "shop" };
  const context = { transport: "http", actor: "http", scope: "change" } as const;
  const call = (options: object) =>
    here.running.dispatcher.call("connections.remove", input, options, context);
  const asked = (await call({})) as { ok: false; failure: FailureData };
  const token = String(asked.failure.details?.token);
  expect(
    codeOf(
      await here.as(
        "ipc",
        "connections.save",
        { profile: profile("confirm", { target: { url: "http://b:1" } }) },
        null,
      ),
    ),
  ).toBe("ok");
  expect(codeOf((await call({ confirmation: { token } })) as Reply<never>)).toBe("confirmation_required");
});

describe("a listener for Flux daemons", () => {
  const flux = (guard: Guard, host: string) => profile(guard, { system: "flux", target: { host, port: 0 } });

  it.each(["0.0.0.0", "::", "192.0.2.1", "console.example"])(
    "beyond this machine at %s is confirmed",
    async (host) => {
      const input = { profile: flux("open", host) };
      expect(codeOf(await here.as("http", "connections.save", input))).toBe("confirmation_required");
      expect(codeOf(await here.as("http", "connections.save", input, null))).toBe("ok");
      expect((await here.recorded())[0]?.title).toBe("Change Shop: listen beyond this machine");
    },
  );

  it("on this machine is not", async () => {
    for (const host of ["127.0.0.1", "localhost", "::1"])
      expect(
        codeOf(
          await here.as("http", "connections.save", {
            connectionId: `at${host.length}`,
            profile: flux("open", host),
          }),
        ),
      ).toBe("ok");
  });

  it("makes tokens under the connection's guard, and records them without the token", async () => {
    await here.output("connections.save", { profile: flux("confirm", "127.0.0.1") });
    await here.output("connections.open");
    const add = (daemonId: string, phrase?: string | null) =>
      here.as("http", "flux.daemons.add", { daemonId, name: daemonId }, phrase);
    expect(codeOf(await add("eu"))).toBe("confirmation_required");
    const made = (await add("eu", null)) as Reply<{ token: string }>;
    const token = made.ok ? made.output.token : "";
    expect(token).not.toBe("");
    expect((await here.recorded())[0]).toMatchObject({ title: "Make a token for the daemon eu" });
    expect(JSON.stringify(await here.recorded())).not.toContain(token);
    const target = (await here.output("connections.list"))[0]?.profile.target;
    const stricter = { profile: profile("read-only", { system: "flux", target }) };
    expect(codeOf(await here.as("http", "connections.save", stricter))).toBe("ok");
    await here.output("connections.open");
    for (const transport of ["http", "ipc"] as const) {
      expect(
        codeOf(await here.as(transport, "flux.daemons.add", { daemonId: "us", name: "us" }, "Shop")),
      ).toBe("forbidden");
      expect(codeOf(await here.as(transport, "flux.daemons.renew-token", { daemonId: "eu" }, "Shop"))).toBe(
        "forbidden",
      );
    }
    expect(codeOf(await here.as("ipc", "flux.daemons.remove", { daemonId: "eu" }, "Shop"))).toBe("ok");
  });
});

it("lets the person at the command line loosen a guard where there is no window, and records it", async () => {
  await save("read-only");
  here.guards = new Map([["shop", "confirm"]]);
  await here.restart();
  expect(await guardNow()).toBe("confirm");
  expect((await here.recorded())[0]).toMatchObject({ actor: "command line", operation: "connections.save" });
  here.guards = new Map([["nowhere", "open"]]);
  await expect(here.restart()).rejects.toThrow("--guard names the connection nowhere");
  here.guards = new Map();
  await here.restart();
});

it("imports no way around a stricter connection", async () => {
  const home = join(here.directory, "home");
  const contexts = join(home, ".config", "nats", "context");
  mkdirSync(contexts, { recursive: true });
  writeFileSync(join(contexts, "shop.json"), JSON.stringify({ url: "nats://127.0.0.1:9" }));
  vi.stubEnv("HOME", home);
  vi.stubEnv("XDG_CONFIG_HOME", join(home, ".config"));
  try {
    await here.restart();
    const lattice = { system: "lattice", target: { addresses: ["tls://127.0.0.1:9"] } };
    await here.output("connections.save", { profile: profile("read-only", lattice) });
    const [found] = await here.output("connections.discover");
    const { imported } = await here.output("connections.import", { keys: [found?.key] });
    expect(imported[0]?.profile.guard).toBe("read-only");
  } finally {
    vi.unstubAllEnvs();
  }
});

import type { Interface } from "node:readline";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { controlLine } from "./control.ts";
import { forgeVersionOf, versions as forgeVersions } from "./forge/route.ts";
import type { Playground, PlaygroundOptions } from "./playground.ts";
import { startPlayground } from "./playground.ts";
import { systemNames } from "./systems.ts";

const usage = `Usage: npm run playground -- [options]
  --hosts N               hosts on the main lattice (5)
  --components M          total component entries over its hosts (a small shop)
  --events-per-second R   a steady stream of events on top (0)
  --seed S                seed of all choices (1)
  --port P                NATS port (a free one)
  --lattice NAME          name of the main lattice (default)
  --heartbeat-seconds S   heartbeat period (10)
  --health-seconds S      until a provider's first health check and from one to the next (5, then 30)
  --calm                  nothing happens by itself
  --versions LIST         versions of the main lattice's hosts in turn, joined by commas (a mixture)
  --no-staging            without the small second lattice
  --config-bucket         the hosts' configs also in their JetStream bucket, where their names can be listed
  --systems LIST          other systems to start, joined by commas, or none (${systemNames.join(",") || "none"})
  --forge-version V       version that the jobs server behaves like: ${forgeVersions.join(", ")} (the newest)
  --end-with-stdin        end when standard input ends, as a spawned playground should
Orders are read from standard input, one line of JSON each, such as {"do":"state"}. The first line on standard output
says how each system is reached, with the secrets that it wants; they are new at each start and worth nothing after it.`;

function number(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} needs a number, not ${text}`);
  return value;
}

function listOf(text: string): readonly string[] {
  return text.split(",").map((name) => name.trim());
}

function systemsOf(text: string | undefined): readonly string[] {
  if (text === undefined) return systemNames;
  return text === "none" ? [] : listOf(text);
}

function healthEvery(milliseconds: number): PlaygroundOptions["hostDefaults"] {
  return { healthFirstMilliseconds: milliseconds, healthPeriodMilliseconds: milliseconds };
}

interface CommandLine {
  options: PlaygroundOptions;
  endWithInput: boolean;
}

function readCommandLine(): CommandLine | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const { values } = parseArgs({
    options: {
      hosts: text,
      components: text,
      "events-per-second": text,
      seed: text,
      port: text,
      lattice: text,
      "heartbeat-seconds": text,
      "health-seconds": text,
      versions: text,
      calm: flag,
      "no-staging": flag,
      "config-bucket": flag,
      systems: text,
      "forge-version": text,
      "end-with-stdin": flag,
      help: flag,
    },
  });
  if (values.help) return undefined;
  const heartbeat = number(values["heartbeat-seconds"], "heartbeat-seconds");
  const health = number(values["health-seconds"], "health-seconds");
  const options: PlaygroundOptions = {
    hosts: number(values.hosts, "hosts"),
    components: number(values.components, "components"),
    eventsPerSecond: number(values["events-per-second"], "events-per-second"),
    seed: number(values.seed, "seed"),
    port: number(values.port, "port"),
    lattice: values.lattice,
    heartbeatMilliseconds: heartbeat === undefined ? undefined : Math.max(100, heartbeat * 1000),
    ...(health !== undefined && { hostDefaults: healthEvery(Math.max(100, health * 1000)) }),
    ...(values.versions !== undefined && { versions: listOf(values.versions) }),
    calm: values.calm,
    configBucket: values["config-bucket"],
    staging: !values["no-staging"],
    systems: systemsOf(values.systems),
    forgeVersion: values["forge-version"] === undefined ? undefined : forgeVersionOf(values["forge-version"]),
  };
  return { options, endWithInput: values["end-with-stdin"] ?? false };
}

/** The secrets are for whoever started this, who reads standard output; standard error often ends up in a log. */
function announce({ natsUrl, websocketUrl, natsToken, lattices, systems }: Playground): void {
  const reach = Object.fromEntries([...systems.running].map(([name, system]) => [name, system.reach]));
  console.log(JSON.stringify({ natsUrl, websocketUrl, natsToken, lattices, systems: reach }));
  for (const problem of systems.problems) console.error(problem);
  for (const lattice of lattices) console.error(`${lattice.hosts.length} hosts on lattice ${lattice.name}`);
  console.error(`NATS at ${natsUrl}, websockets at ${websocketUrl}. Press Ctrl-C to end.`);
  console.error(
    "Tokens are in the line of JSON: natsToken for NATS, and those of the other systems beside theirs.",
  );
}

async function serve({ options, endWithInput }: CommandLine, orders: Interface): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    if (endWithInput) orders.on("close", () => resolve());
  });
  // Orders that come early wait until there is something to obey them.
  const early: string[] = [];
  const keep = (line: string): number => early.push(line);
  orders.on("line", keep);
  const playground = await startPlayground(options);
  announce(playground);
  let queue = Promise.resolve();
  const obey = (line: string): void => {
    if (line.trim() === "") return;
    queue = queue.then(async () => console.log(await controlLine(playground, line)));
  };
  orders.off("line", keep);
  for (const line of early) obey(line);
  orders.on("line", obey);
  await interrupted;
  await playground.stop();
}

async function main(): Promise<void> {
  const commandLine = readCommandLine();
  if (!commandLine) {
    console.log(usage);
    return;
  }
  const orders = createInterface({ input: process.stdin });
  try {
    await serve(commandLine, orders);
  } finally {
    orders.close();
    process.stdin.destroy();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

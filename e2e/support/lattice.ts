import { expect } from "@playwright/test";
import type { InputFor, OperationName, OutputFor } from "../../shared/catalogue.ts";
import type { Activity, ActivityState } from "../../shared/contract/index.ts";
import type { RunningConsole } from "./console.ts";
import type { PlaygroundProcess } from "./playground.ts";
import { connectionId } from "./story.ts";

interface SimulatedWorkload {
  id: string;
  image_ref: string;
  max_instances?: number;
  annotations: Record<string, string>;
}

/** What a simulated host itself says that it runs (wasmcloud-control §3.2). */
export interface SimulatedInventory {
  host_id: string;
  friendly_name: string;
  components: SimulatedWorkload[];
  providers: SimulatedWorkload[];
}

/** Asks a simulated host, past the console and past NATS. */
async function inventoryOf(playground: PlaygroundProcess, host: string): Promise<SimulatedInventory> {
  const { inventory } = await playground.order({ do: "inventory", host });
  return inventory as SimulatedInventory;
}

/** How many instances a simulated host allows a component; undefined when it does not run there. */
export async function instancesOn(
  playground: PlaygroundProcess,
  host: string,
  component: string,
): Promise<number | undefined> {
  const { components } = await inventoryOf(playground, host);
  return components.find(({ id }) => id === component)?.max_instances;
}

/** The simulated hosts that run a component, in the order of the playground. */
export async function hostsOf(playground: PlaygroundProcess, component: string) {
  const found = [];
  for (const host of playground.hosts) {
    if ((await instancesOn(playground, host.id, component)) !== undefined) found.push(host);
  }
  return found;
}

/** The output of a call that must succeed. */
export async function ask<Name extends OperationName>(
  started: RunningConsole,
  name: Name,
  input: InputFor<Name>,
): Promise<OutputFor<Name>> {
  const reply = await started.call(name, input);
  if (!reply.ok) throw new Error(`${name}: ${reply.failure.code}: ${reply.failure.message}`);
  return reply.output;
}

/** Saves the story's connection again with other settings of its target. */
export async function retarget(started: RunningConsole, settings: object): Promise<void> {
  const rows = await ask(started, "connections.list", {});
  const row = rows.find(({ profile }) => profile.id === connectionId);
  if (!row) throw new Error("the connection is gone");
  const { id: _id, playground: _playground, ...profile } = row.profile;
  const target = { ...profile.target, ...settings };
  await ask(started, "connections.save", { connectionId, profile: { ...profile, target } as never });
}

/** Lines such as `component NABC…/cart registry/cart:1 40 {…}`: what the console believes of every live host. */
export async function believed(started: RunningConsole): Promise<string[]> {
  const components = await ask(started, "lattice.components.list", { connectionId });
  const providers = await ask(started, "lattice.providers.list", { connectionId });
  return [
    ...components.map((row) =>
      line("component", row.hostId, [row.id, row.imageReference, row.maxInstances, row.annotations]),
    ),
    ...providers.map((row) => line("provider", row.hostId, [row.id, row.imageReference, row.annotations])),
  ].sort();
}

/** The same lines, from the simulated hosts themselves. */
async function simulated(playground: PlaygroundProcess): Promise<string[]> {
  const inventories = [];
  for (const host of playground.hosts) inventories.push(await inventoryOf(playground, host.id));
  return inventories
    .flatMap(({ host_id: host, components, providers }) => [
      ...components.map((one) =>
        line("component", host, [one.id, one.image_ref, one.max_instances, one.annotations]),
      ),
      ...providers.map((one) => line("provider", host, [one.id, one.image_ref, one.annotations])),
    ])
    .sort();
}

function line(kind: string, host: string, facts: readonly unknown[]): string {
  const sorted = facts.map((fact) =>
    typeof fact === "object" && fact !== null ? Object.fromEntries(Object.entries(fact).sort()) : fact,
  );
  return `${kind} ${host} ${JSON.stringify(sorted)}`;
}

/** Waits until the console believes exactly what the simulated hosts say. */
export async function converged(started: RunningConsole, playground: PlaygroundProcess): Promise<void> {
  const truth = await simulated(playground);
  await expect.poll(() => believed(started), { timeout: 30_000 }).toEqual(truth);
}

/** The newest activity, once it is in one of these states. */
export async function newestActivity(
  started: RunningConsole,
  ...states: ActivityState[]
): Promise<Activity | undefined> {
  let newest: Activity | undefined;
  await expect
    .poll(
      async () => {
        [newest] = await ask(started, "activity.list", { limit: 1 });
        return newest?.state;
      },
      { timeout: 30_000, message: `the newest activity becomes ${states.join(" or ")}` },
    )
    .toMatch(new RegExp(`^(${states.join("|")})$`));
  return newest;
}

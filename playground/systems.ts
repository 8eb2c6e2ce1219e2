import { startFlowfabric } from "./flowfabric/system.ts";
import { startFlux } from "./flux/system.ts";
import type { ForgeSystemOptions } from "./forge/system.ts";
import { startForge } from "./forge/system.ts";
import { assemble } from "./kit/assemble.ts";
import type { SimulatedSystem } from "./kit/simulated-system.ts";

type SystemStarter = (options: ForgeSystemOptions) => Promise<SimulatedSystem>;

/** How each system beside the lattices is started, by its name. */
const starters = new Map<string, SystemStarter>([
  ["flowfabric", startFlowfabric],
  ["forge", startForge],
  ["flux", startFlux],
]);

export const systemNames: readonly string[] = [...starters.keys()];

function starterOf(name: string): SystemStarter {
  const starter = starters.get(name);
  if (starter) return starter;
  throw new Error(`no such system: ${name} (known: ${systemNames.join(", ")})`);
}

/** The systems that run, and why others do not. */
export interface OtherSystems {
  readonly running: ReadonlyMap<string, SimulatedSystem>;
  readonly problems: readonly string[];
  stop(): Promise<void>;
}

/** Starts the named systems; one that cannot start becomes a problem and does not hold up the others. Throws for an unknown name. */
export function startOtherSystems(
  names: readonly string[],
  options: ForgeSystemOptions,
): Promise<OtherSystems> {
  return assemble(async (onStop) => {
    const running = new Map<string, SimulatedSystem>();
    const problems: string[] = [];
    const start = async (name: string, starter: SystemStarter): Promise<void> => {
      try {
        const system = await starter(options);
        onStop(() => system.stop());
        running.set(name, system);
      } catch (error) {
        problems.push(`${name} could not start: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    const chosen = names.map((name) => [name, starterOf(name)] as const);
    await Promise.all(chosen.map(([name, starter]) => start(name, starter)));
    return { running, problems };
  });
}

import { startFlowfabric } from "./flowfabric/system.ts";
import { startFlux } from "./flux/system.ts";
import { startForge } from "./forge/system.ts";
import type { SimulatedSystem, SystemOptions } from "./kit/simulated-system.ts";

type SystemStarter = (options: SystemOptions) => Promise<SimulatedSystem>;

/** How each system beside the lattices is started, by its name. */
const starters: Record<string, SystemStarter> = {
  flowfabric: startFlowfabric,
  forge: startForge,
  flux: startFlux,
};

export const systemNames: readonly string[] = Object.keys(starters);

/** The systems that run, and why others do not. */
export interface OtherSystems {
  readonly running: ReadonlyMap<string, SimulatedSystem>;
  readonly problems: readonly string[];
  stop(): Promise<void>;
}

/** Starts the named systems; one that cannot start is told and does not hold up the others. Throws for an unknown name. */
export async function startOtherSystems(
  names: readonly string[],
  options: SystemOptions,
): Promise<OtherSystems> {
  const running = new Map<string, SimulatedSystem>();
  const problems: string[] = [];
  const start = async (name: string): Promise<void> => {
    const starter = starters[name];
    if (!starter) throw new Error(`no such system: ${name} (known: ${systemNames.join(", ")})`);
    try {
      running.set(name, await starter(options));
    } catch (error) {
      problems.push(`${name} could not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  await Promise.all(names.map(start));
  return {
    running,
    problems,
    stop: async () => {
      await Promise.all([...running.values()].map((system) => system.stop()));
    },
  };
}

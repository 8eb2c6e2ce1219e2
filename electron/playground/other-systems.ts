import { startFlux } from "./flux/flux-system.ts";
import { startForge } from "./forge/system.ts";

/** A simulated system beside the lattices, as the playground runs it. */
export interface SimulatedSystem {
  /** What a console needs to reach it, as plain data: addresses and, because nothing here is real, its secrets. */
  readonly reach: Record<string, unknown>;
  /** Carries out an order that disturbs it, and answers with plain data; throws for an order that it does not know. */
  obey(order: Record<string, unknown>): unknown;
  stop(): Promise<void>;
}

export interface SystemOptions {
  seed: number;
  /** Nothing changes but by command. */
  calm: boolean;
}

type SystemStarter = (options: SystemOptions) => Promise<SimulatedSystem>;

/** How each system beside the lattices is started, by its name. */
const starters: Record<string, SystemStarter> = {
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

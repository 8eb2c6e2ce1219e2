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

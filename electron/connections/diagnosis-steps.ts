import type { Diagnosis } from "../../shared/connections/schema.ts";
import type { Failure } from "../../shared/contract/index.ts";

type Step = Diagnosis["steps"][number];

/** What one step found; a step that fails throws a Failure instead. */
export interface StepResult<T> {
  outcome?: "passed" | "warning" | "skipped";
  message: string;
  value: T;
}

/** Runs steps in order; after the first failure the rest is skipped. */
export class StepRecorder {
  readonly steps: Step[] = [];
  failure: Failure | undefined;

  constructor(private readonly toFailure: (error: unknown) => Failure) {}

  /** Runs one step; undefined when it failed or was skipped because an earlier one failed. */
  async run<T>(name: Step["name"], work: () => Promise<StepResult<T>>): Promise<T | undefined> {
    if (this.failure) {
      this.steps.push({ name, outcome: "skipped", message: "Not tried, because an earlier step failed." });
      return undefined;
    }
    const start = performance.now();
    const durationMs = () => Math.round((performance.now() - start) * 10) / 10;
    try {
      const { outcome = "passed", message, value } = await work();
      this.steps.push({ name, outcome, message, durationMs: durationMs() });
      return value;
    } catch (error) {
      this.failure = this.toFailure(error);
      this.steps.push({ name, outcome: "failed", message: this.failure.message, durationMs: durationMs() });
      return undefined;
    }
  }
}

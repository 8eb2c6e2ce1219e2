import type { ChildProcess } from "node:child_process";
import { expect, vi } from "vitest";
import type { OperationName } from "../../shared/catalogue.ts";
import type { Activity } from "../../shared/contract/index.ts";
import { UnderTest } from "./console.ts";
import { RealPrograms } from "./real-programs.ts";

/** A whole console beside real programs, which run in a folder of their own; the connection is called `here`. */
export abstract class RealUnderTest extends UnderTest {
  private readonly programs = new RealPrograms();

  constructor() {
    super("here");
  }

  get folder(): string {
    return this.programs.folder;
  }

  /** Starts a program with nothing in its environment but this; it is killed when the test closes. */
  protected run(path: string, args: string[], environment: Record<string, string>): ChildProcess {
    return this.programs.run(path, args, environment);
  }

  /** Carries out a command and waits for this state; a real program takes its time. */
  async becomes(name: OperationName, input: object, state: Activity["state"]): Promise<Activity> {
    const { id } = (await this.output(name, input)) as Activity;
    const isThere = async () => expect(await this.activity(id)).toMatchObject({ state });
    await vi.waitFor(isThere, { timeout: 60_000, interval: 100 });
    return this.activity(id);
  }

  override async close(): Promise<void> {
    await super.close();
    await this.programs.close();
  }
}

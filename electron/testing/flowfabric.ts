import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { startFlowfabric } from "../../playground/flowfabric/system.ts";
import type { Secrets } from "../../shared/connections/schema.ts";
import type { RotationRow } from "../../shared/flowfabric/rotation-schema.ts";
import type { ConsoleOptions } from "../app/app.ts";
import { fileSecrets } from "../connections/secrets.ts";
import { UnderTest } from "./console.ts";

type System = Awaited<ReturnType<typeof startFlowfabric>>;

const secretsFile = "secrets.json";

/** A whole console beside a simulated FlowFabric server on a real Redis; the connection is called `here`. */
export class FlowfabricUnderTest extends UnderTest {
  readonly log: string[] = [];

  private constructor(readonly system: System) {
    super("here");
  }

  static async start(): Promise<FlowfabricUnderTest> {
    const here = new FlowfabricUnderTest(await startFlowfabric({ seed: 1, calm: true }));
    await here.restart();
    return here;
  }

  /** Saves and opens the connection: both ways, or without one of them. */
  async connect(without?: "http" | "valkey"): Promise<void> {
    const { url, valkey, token, valkeyPassword } = this.system.reach;
    const target = {
      ...(without !== "http" && { url, authentication: { method: "bearer" } }),
      ...(without !== "valkey" && { valkey: { addresses: [valkey], cluster: false } }),
    };
    const secrets = {
      ...(without !== "http" && { token }),
      ...(without !== "valkey" && { valkeyPassword }),
    };
    await this.leadTo(target, secrets);
  }

  /** Saves the connection with this target, and opens it. */
  async leadTo(target: object, secrets?: Secrets): Promise<void> {
    await this.keep({ name: "Here", guard: "open", system: "flowfabric", target }, { secrets });
    const { status } = await this.output("connections.open");
    expect(status).toMatchObject({ state: "open" });
  }

  override async close(): Promise<void> {
    await super.close();
    await this.system.stop();
  }

  async rotation(): Promise<RotationRow> {
    const [row] = await this.output("flowfabric.rotations.list");
    if (!row) throw new Error("there is no rotation");
    return row;
  }

  /** The secret that waits for a retry, as only the file of secrets has it. */
  waitingSecret(): string | undefined {
    const text = readFileSync(join(this.directory, secretsFile), "utf8");
    return /"seed":\s*{\s*"value":\s*"([0-9a-f]{64})"/.exec(text)?.[1];
  }

  /** Names of the files in the console's folder that hold a text, the file of secrets left out. */
  filesWith(text: string): string[] {
    return readdirSync(this.directory)
      .filter((name) => name !== secretsFile)
      .filter((name) => readFileSync(join(this.directory, name)).includes(text));
  }

  protected override ownOptions(): Partial<ConsoleOptions> {
    const note = (...words: unknown[]) => {
      this.log.push(
        words.map((word) => (word instanceof Error ? `${word.stack}` : JSON.stringify(word))).join(" "),
      );
    };
    return {
      secrets: fileSecrets(join(this.directory, secretsFile), {}),
      log: { info: note, warn: note, error: note },
    };
  }
}

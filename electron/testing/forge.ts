import { SimulatedForge, type SimulatedForgeOptions } from "../../playground/forge/forge.ts";
import type { Guard } from "../../shared/contract/index.ts";
import { UnderTest } from "./console.ts";

/** A whole console beside a simulated jobs server; the connection is called `jobs`. */
export class ForgeUnderTest extends UnderTest {
  private constructor(readonly forge: SimulatedForge) {
    super("jobs");
  }

  static async start(
    options: SimulatedForgeOptions & { guard?: Guard; requestTimeoutMs?: number } = {},
  ): Promise<ForgeUnderTest> {
    const forge = await SimulatedForge.start({ calm: true, ...options });
    const here = new ForgeUnderTest(forge);
    await here.restart();
    const target = { url: forge.url, requestTimeoutMs: options.requestTimeoutMs ?? 2_000 };
    await here.keep({ name: "Jobs", guard: options.guard ?? "open", system: "forge", target });
    await here.output("connections.open");
    return here;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.forge.stop();
  }
}

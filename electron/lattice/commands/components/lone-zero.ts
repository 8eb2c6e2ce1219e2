import type { Finding } from "../../../../shared/contract/index.ts";
import type { ComponentRow } from "../../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../../shared/lattice/version.ts";
import { readEvidence } from "../../../upstream/evidence.ts";
import type { DecodedEvent } from "../../events/event-types.ts";
import { countText } from "./component-verdict.ts";
import { isScaled } from "./update-pairs.ts";

/**
 * The zero by which hosts of 1.0.0 tell that they took another list of configs with the same count: they end the instance and
 * say so, and say nothing of the one that runs on (wasmcloud-control §2.6, trap 56). After a count it is the end of somebody's
 * resize or update.
 */
export class LoneZero {
  /** Heard, and the component still listed as before. */
  isProven = false;
  private isLone = true;

  constructor(
    private readonly place: { hostId: string; componentId: string },
    private readonly before: ComponentRow,
  ) {}

  /** Whether hosts of a version tell it so. */
  static isToldBy(version: string | undefined): boolean {
    return isAtLeast(version, "1.0.1") === false;
  }

  /** Takes the next event; whether it is the one, so that a reading can prove it. */
  isIn(event: DecodedEvent): boolean {
    if (!isScaled(event)) return false;
    if (event.source !== this.place.hostId || event.componentId !== this.place.componentId) return false;
    if (event.maxInstances !== 0) this.isLone = false;
    return this.isLone;
  }

  /** What a reading after it says: one that is still listed as before was not stopped. */
  finding(running: ComponentRow | undefined, at: string): Finding | undefined {
    const { maxInstances, imageReference } = this.before;
    if (running?.maxInstances !== maxInstances || running.imageReference !== imageReference) return undefined;
    this.isProven = true;
    const message = `The host ended an instance, and its inventory still shows ${countText(maxInstances)}: on 1.0.0 the configs were taken.`;
    return { verdict: "confirmed", message, evidence: readEvidence(at, message, running) };
  }
}

import type { Link } from "../host/lattice-state.ts";
import type { Inventory } from "./recorded-gaps.ts";
import type { RecordedStep } from "./recorded-steps.ts";
import type { SeenEvent, WireProbe } from "./wire-probe.ts";

/** The hosts that a recording is replayed to: simulated ones, or real ones. They go by the IDs that they have in it. */
export interface ReplayTarget {
  /** The wire of a lattice. */
  wire(lattice: string): Promise<WireProbe>;
  /** Starts a host as the recording shows it from this line on, anew where it runs. */
  restart(hostId: string, line: number, lattice: string): Promise<void>;
  /** Brings about what must have been so before a request. */
  prepare(step: RecordedStep): Promise<void>;
  /** Gives a request to the host that handled it, where the wire would leave it to chance which one does. */
  handOver(step: RecordedStep): Promise<unknown[] | undefined>;
  /** A subject or payload with the names that these hosts have for what the recording names. */
  sent(text: string): string;
  /** What was said, with the names of the recording. */
  received<Said>(said: Said): Said;
  /** Takes note of a reply as it came. */
  replied(step: RecordedStep, reply: unknown): void;
  /** How many replies a request will have. */
  repliesDue(step: RecordedStep): number;
  /** Resolves when a request has led to all that it leads to; `events` are those since it was sent. */
  done(step: RecordedStep, replies: readonly unknown[], events: () => readonly SeenEvent[]): Promise<void>;
  /** Resolves when the hosts of a lattice have done what they were told. */
  settle(lattice: string): Promise<void>;
  /** What a host lists, after requests that the recording left out; undefined where there is no such host. */
  inventory(hostId: string, recorded: Inventory): Promise<object | undefined>;
  /** Takes over what requests that differ in figures only have changed. */
  adopt(hostId: string, recorded: Inventory): Promise<void>;
  /** The links that are stored, after requests that the recording left out. */
  links(lattice: string, recorded: readonly Link[]): Promise<readonly Link[]>;
  /** Takes over which of equal links are stored. */
  adoptLinks(lattice: string, recorded: readonly Link[]): Promise<void>;
  /** Ends all that was started. */
  close(): Promise<void>;
}

/** Waits for what should come; what does not is for the comparison to say. */
export async function within(milliseconds: number, condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < milliseconds; waited += 5)
    await new Promise((resolve) => setTimeout(resolve, 5));
}

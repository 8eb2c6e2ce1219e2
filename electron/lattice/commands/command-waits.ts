/** How long evidence is waited for after an acknowledgement, in milliseconds (wasmcloud-control §4.15). */
export interface CommandWaits {
  /** A component that runs already. */
  warmMs: number;
  /** An image that may have to be fetched. */
  coldMs: number;
  /** A host's shutdown when no deadline is given. */
  hostStopMs: number;
  /** Until a host that may announce nothing is read. */
  lookMs: number;
}

export const defaultWaits: CommandWaits = {
  warmMs: 10_000,
  coldMs: 60_000,
  hostStopMs: 12_000,
  lookMs: 2_000,
};

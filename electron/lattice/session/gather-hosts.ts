import type { Clock } from "../../../shared/contract/index.ts";
import type { Host } from "../client/control-types.ts";
import type { LatticeReader } from "../client/lattice-reader.ts";

/** After this long without another answer the rest is taken for late. */
const quietMs = 300;

export interface GatherHostsOptions {
  clock: Clock;
  reader: LatticeReader;
  signal: AbortSignal;
  onHost: (host: Host) => void;
}

/**
 * Pings the lattice; resolves when it has become quiet after the first answer, or when the window is over. A real
 * ping lasts its full window (wasmcloud-control trap 4): hosts that answer later are still handed over.
 */
export async function gatherHosts({ clock, reader, signal, onHost }: GatherHostsOptions): Promise<void> {
  let cancel: () => void = () => undefined;
  let becomeQuiet: () => void = () => undefined;
  const quiet = new Promise<void>((resolve) => {
    becomeQuiet = resolve;
  });
  const whole = reader.hosts((host) => {
    cancel();
    cancel = clock.after(quietMs, becomeQuiet);
    onHost(host);
  }, signal);
  try {
    await Promise.race([whole, quiet]);
  } finally {
    cancel();
    // What goes wrong later than this is noticed by the connection itself.
    whole.catch(() => undefined);
  }
}

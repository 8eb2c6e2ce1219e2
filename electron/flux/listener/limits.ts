/** What the listener lets through; it is the one port that is meant for others. */
export interface ListenerLimits {
  /** Bytes of one answer: the images of 500 workloads with all their tags have 46 MB, and what is larger is passed over (flux-rpc §1.6). */
  messageBytes: number;
  /** Bytes of one answer that are passed over; what is larger still costs the connection, because it may never end. */
  skippedBytes: number;
  /** Bytes of one event. */
  eventBytes: number;
  /** Sockets open at the same time, of all daemons and strangers together. */
  sockets: number;
  /** Sockets of one address that have shown no token yet. */
  strangersPerAddress: number;
  /** Sockets of one address that have: many daemons may come through one proxy. */
  trustedPerAddress: number;
  /** Sockets of one daemon, and as many again for its events. */
  socketsPerDaemon: number;
  /** How long a socket may stay without a token, whatever it does; daemons give a handshake 10 s (flux-rpc §1.4). */
  strangerMs: number;
  /** Failed sign-ins per minute and address, after which they are cut off without an answer. */
  refusalsPerMinute: number;
  /** Events per minute and daemon that are kept; more are accepted and dropped, because a refused event breaks the daemon's jobs (flux-rpc §1.10). */
  eventsPerMinute: number;
  /** Milliseconds between pings, and of silence after which a daemon is dropped (flux-rpc §1.7). */
  pingMs: number;
  silenceMs: number;
}

export const defaultLimits: ListenerLimits = {
  messageBytes: 64 * 1024 * 1024,
  skippedBytes: 1024 * 1024 * 1024,
  eventBytes: 8 * 1024 * 1024,
  sockets: 256,
  strangersPerAddress: 64,
  trustedPerAddress: 192,
  socketsPerDaemon: 8,
  strangerMs: 10_000,
  refusalsPerMinute: 60,
  eventsPerMinute: 600,
  pingMs: 13_330,
  silenceMs: 30_000,
};

/** Counts per name and minute. */
export class MinuteCounter {
  readonly #counts = new Map<string, number>();
  #minute = 0;

  constructor(private readonly now: () => number) {}

  /** Counts once; says how often it has been this minute. */
  count(name: string): number {
    const minute = Math.floor(this.now() / 60_000);
    if (minute !== this.#minute) this.#counts.clear();
    this.#minute = minute;
    const next = (this.#counts.get(name) ?? 0) + 1;
    // A flood from ever new addresses must not fill the memory.
    if (this.#counts.size < 10_000 || this.#counts.has(name)) this.#counts.set(name, next);
    return next;
  }
}

import { conflict } from "../../upstream/evidence.ts";
import type { DaemonClient } from "../client/daemon-client.ts";
import { CallTimeout } from "../client/rpc-errors.ts";
import type { Change } from "../client/update-spec.ts";
import { MinuteCounter } from "../listener/limits.ts";
import type { FluxDaemon } from "../session/flux-daemon.ts";

const perMinute = 20;
const mostUnanswered = 3;

/** Notices to daemons. Those of images are held back: a daemon's queue has 100 places, and the 101st may never come back (flux-rpc §7, trap 12). */
export class ImageNotices {
  readonly #sent: MinuteCounter;
  /** They stand in the daemon also when nobody waits for them any more. */
  readonly #unanswered = new WeakMap<DaemonClient, number>();

  constructor(now: () => number) {
    this.#sent = new MinuteCounter(now);
  }

  /** Throws `conflict` where one more notice of an image could block the daemon. */
  requireRoom({ id, name, client }: FluxDaemon): void {
    const unanswered = this.#unanswered.get(client) ?? 0;
    if (unanswered >= mostUnanswered)
      throw conflict(
        `${name} has not answered ${unanswered} notices of images yet.`,
        "Its registry scanner seems to stand still or to be off: more notices would block the daemon.",
      );
    if (this.#sent.count(id) > perMinute)
      throw conflict(
        `${name} was told of ${perMinute} images within this minute.`,
        "Wait a minute: too many notices can block a daemon until it is restarted.",
      );
  }

  async tell({ client }: FluxDaemon, change: Change): Promise<void> {
    if (change.Kind === "git") return client.notifyChange(change);
    this.#count(client, 1);
    try {
      await client.notifyChange(change);
    } catch (error) {
      if (error instanceof CallTimeout) this.#count(client, 1);
      throw error;
    } finally {
      this.#count(client, -1);
    }
  }

  #count(client: DaemonClient, by: number): void {
    this.#unanswered.set(client, (this.#unanswered.get(client) ?? 0) + by);
  }
}

import type { ConnectionProfile, ConnectionStatus, Secrets } from "../../shared/connections/schema.ts";
import type { Failure } from "../../shared/contract/index.ts";
import { ReconnectWait } from "./reconnect-wait.ts";

const retryFirstMs = 1_000;
const retryLastMs = 30_000;

/** What a live connection needs and whom it tells. */
export interface LiveConnectionParts {
  /** The secrets that may go where this profile leads. */
  secrets: (profile: ConnectionProfile) => Promise<Secrets>;
  now: () => number;
  onStatus: () => void;
}

/**
 * The life of one connection: closed, opening, open, reconnecting (by itself, endlessly) or failed. A failed attempt is
 * repeated in the background when its cause may pass; network trouble is never thrown, it is in `status`.
 */
export abstract class LiveConnection<
  Profile extends ConnectionProfile = ConnectionProfile,
  Link extends object = object,
> {
  status: ConnectionStatus;
  protected link: Link | undefined;
  private attempt: Promise<void> | undefined;
  /** Changes with each `close`; work begun under an older number has been overtaken. */
  private epoch = 0;
  private readonly retryWait = new ReconnectWait(retryFirstMs, retryLastMs);
  private retryTimer: NodeJS.Timeout | undefined;

  constructor(
    public profile: Profile,
    protected readonly parts: LiveConnectionParts,
  ) {
    this.status = { state: "closed", since: this.timestamp() };
  }

  /** Makes the link; throws whatever went wrong. */
  protected abstract connect(): Promise<Link>;
  /** The link is there: say so in the status, and follow it. */
  protected abstract begin(link: Link): void;
  /** Stops following the link that was begun, and tells whoever uses it. */
  protected abstract end(): void;
  /** Closes a link after what was sent has left. */
  protected abstract shut(link: Link): Promise<void>;
  protected abstract failureOf(error: unknown): Failure;
  /** Whether trying again makes sense. */
  protected abstract mayPass(failure: Failure): boolean;

  get isActive(): boolean {
    return this.status.state !== "closed";
  }

  /** Opens unless it is open; resolves after the first attempt, whatever came of it. */
  async open(): Promise<void> {
    if (this.link) return;
    if (!this.attempt) {
      clearTimeout(this.retryTimer);
      this.retryWait.reset();
      this.change({ state: "opening" });
      this.start();
    }
    await this.attempt;
  }

  async close(): Promise<void> {
    this.epoch += 1;
    clearTimeout(this.retryTimer);
    const { link } = this;
    this.link = undefined;
    this.attempt = undefined;
    if (this.isActive) this.change({ state: "closed" });
    if (!link) return;
    this.end();
    await this.shut(link);
  }

  /** Takes a changed profile without a break; false: it has to be opened again. */
  adopt(_profile: ConnectionProfile): boolean {
    return false;
  }

  /** `since` stays while the state stays. */
  protected change(status: Omit<ConnectionStatus, "since">): void {
    const since = status.state === this.status.state ? this.status.since : this.timestamp();
    this.status = { ...status, since };
    this.parts.onStatus();
  }

  /** The far side has ended the link. */
  protected lost(failure: Failure): void {
    this.link = undefined;
    this.end();
    this.failed(failure);
  }

  private failed(failure: Failure): void {
    this.change({ state: "failed", failure: failure.toData() });
    if (!this.mayPass(failure)) return;
    this.retryTimer = setTimeout(() => this.start(), this.retryWait.milliseconds);
    this.retryWait.failed();
  }

  private timestamp(): string {
    return new Date(this.parts.now()).toISOString();
  }

  private start(): void {
    const attempt = this.tryToOpen(this.epoch).finally(() => {
      if (this.attempt === attempt) this.attempt = undefined;
    });
    this.attempt = attempt;
  }

  private async tryToOpen(epoch: number): Promise<void> {
    try {
      const link = await this.connect();
      if (epoch !== this.epoch) {
        await this.shut(link);
        return;
      }
      this.link = link;
      this.retryWait.reset();
      this.begin(link);
    } catch (error) {
      if (epoch === this.epoch) this.failed(this.failureOf(error));
    }
  }
}

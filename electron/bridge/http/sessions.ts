import { randomBytes } from "node:crypto";
import { Failure, type Scope, type SessionEnd } from "../../../shared/contract/index.ts";
import { digestOf, findByDigest, newSecret } from "../digest.ts";

const linkMs = 5 * 60_000;
const idleMs = 60 * 60_000;
const wholeMs = 12 * 60 * 60_000;
/** The oldest gives way to one more; only who may change anything makes them. */
const most = 64;
const wrongPerMinute = 30;

/** Who made a sign-in link, and what it gives. */
export interface Invitation {
  scope: Scope;
  origin: string;
  madeBy: string;
}

interface Link extends Invitation {
  digest: Buffer;
  until: number;
}

export interface Session extends Invitation {
  id: string;
  digest: Buffer;
  browser: string;
  createdAt: number;
  usedAt: number;
}

/** Browsers that are signed in, and the links that sign one in. All of it ends with the process. */
export class Sessions {
  private links: Link[] = [];
  private readonly open = new Map<string, Session>();
  /** The last ones that ended, so that their browsers can be told why. */
  private readonly ended: { digest: Buffer; how: SessionEnd }[] = [];
  private wrong = { since: 0, count: 0 };

  /** `onEnd` hears the id of each session that ends. */
  constructor(
    private readonly now: () => number,
    private readonly onEnd: (id: string) => void,
  ) {}

  /** A one-time token: it opens one session, within five minutes. */
  invite(invitation: Invitation): { token: string; until: number } {
    const token = newSecret("swl_");
    const until = this.now() + linkMs;
    this.links.push({ ...invitation, digest: digestOf(token), until });
    this.links = this.links.slice(-most);
    return { token, until };
  }

  /** Trades a one-time token for the secret of a session. Throws `unauthenticated`, or `rate_limited` after many wrong ones; a good one is never held back. */
  redeem(token: string, browser: string): string {
    const link = findByDigest(this.links, digestOf(token));
    if (link) this.links = this.links.filter((other) => other !== link);
    if (!link || link.until <= this.now()) throw this.refusal();
    const secret = newSecret("sws_");
    const now = this.now();
    const { scope, origin, madeBy } = link;
    const id = randomBytes(4).toString("hex");
    const session = { id, scope, origin, madeBy, browser, createdAt: now, usedAt: now };
    this.open.set(id, { ...session, digest: digestOf(secret) });
    this.makeRoom();
    return secret;
  }

  /** The open session of a secret, which is used by this; undefined where there is none. */
  use(digest: Buffer): Session | undefined {
    const session = findByDigest(this.open.values(), digest);
    if (!session || this.endIfOver(session)) return undefined;
    session.usedAt = this.now();
    return session;
  }

  isOpen(id: string): boolean {
    return this.open.has(id);
  }

  /** Why the session of this secret is over; undefined when it is not known any more. */
  howEnded(digest: Buffer): SessionEnd | undefined {
    return findByDigest(this.ended, digest)?.how;
  }

  list(): (Session & { until: number })[] {
    this.sweep();
    return [...this.open.values()].map((session) => ({ ...session, until: session.createdAt + wholeMs }));
  }

  /** Ends one session; false where there is none of this id. */
  close(id: string, how: SessionEnd): boolean {
    const session = this.open.get(id);
    if (!session) return false;
    this.open.delete(id);
    this.ended.push({ digest: session.digest, how });
    if (this.ended.length > most) this.ended.shift();
    this.onEnd(id);
    return true;
  }

  /** Ends everything that goes back to one token. */
  closeOrigin(origin: string): void {
    this.links = this.links.filter((link) => link.origin !== origin);
    for (const session of [...this.open.values()]) {
      if (session.origin === origin) this.close(session.id, "revoked");
    }
  }

  /** The origins of what is open or can be opened. */
  origins(): Set<string> {
    return new Set([...this.links, ...this.open.values()].map(({ origin }) => origin));
  }

  /** Ends what is over. */
  sweep(): void {
    const now = this.now();
    this.links = this.links.filter(({ until }) => until > now);
    for (const session of [...this.open.values()]) this.endIfOver(session);
  }

  private endIfOver(session: Session): boolean {
    const now = this.now();
    if (session.createdAt + wholeMs <= now) return this.close(session.id, "expired");
    return session.usedAt + idleMs <= now && this.close(session.id, "idle");
  }

  private makeRoom(): void {
    if (this.open.size <= most) return;
    const [idlest] = [...this.open.values()].sort((a, b) => a.usedAt - b.usedAt);
    if (idlest) this.close(idlest.id, "idle");
  }

  private refusal(): Failure {
    const now = this.now();
    if (now - this.wrong.since >= 60_000) this.wrong = { since: now, count: 0 };
    if (++this.wrong.count > wrongPerMinute) {
      const message = "Too many wrong one-time tokens.";
      return new Failure({ code: "rate_limited", message, hint: "Wait a minute." });
    }
    return new Failure({
      code: "unauthenticated",
      message: "This sign-in link is not good: it works once, within five minutes of being made.",
      hint: "Get a new one from the console.",
    });
  }
}

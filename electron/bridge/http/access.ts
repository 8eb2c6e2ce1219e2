import { Failure, type HttpCaller, type Scope, type SessionEnd } from "../../../shared/contract/index.ts";
import { digestOf } from "../digest.ts";
import { Sessions } from "./sessions.ts";

/** A token that is good now. */
export interface KnownToken {
  id: string;
  name: string;
  scope: Scope;
}

/** Where tokens are known. */
export interface Tokens {
  /** The good token of this digest, which is used by this; compared in constant time. */
  use(digest: Buffer): KnownToken | undefined;
  /** Whether a token of this id is (still) good. */
  isGood(id: string): boolean;
}

/** Origins that are no tokens, and end only with the process. */
const lasting: readonly string[] = ["terminal", "window"];

/** Who may call over HTTP: holders of a token, and browsers that a link signed in. */
export class HttpAccess {
  readonly sessions: Sessions;
  /** What to end with a token or a session, by its id. */
  private readonly ends = new Map<string, Set<() => void>>();

  constructor(
    private readonly tokens: Tokens,
    now: () => number,
  ) {
    this.sessions = new Sessions(now, (id) => this.endAll(id));
  }

  /** Throws `unauthenticated` unless the header holds a good token or the secret of an open session. */
  identify(authorization: string | undefined): HttpCaller {
    const bearer = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
    if (bearer === undefined) throw unauthenticated();
    const digest = digestOf(bearer);
    // Both are always looked for, so that the time does not tell which of them it might have been.
    const token = this.tokens.use(digest);
    const session = this.sessions.use(digest);
    if (token) return { id: token.id, actor: `http:${token.name}`, scope: token.scope, origin: token.id };
    if (!session) throw unauthenticated(this.sessions.howEnded(digest));
    const { id, scope, origin } = session;
    if (!this.isGoodOrigin(origin)) {
      this.sessions.closeOrigin(origin);
      throw unauthenticated("revoked");
    }
    return { id, actor: `browser session ${id}`, scope, origin };
  }

  /** Calls `end` as soon as this token or session is no longer good; answers what takes that back. */
  onEnd({ id }: HttpCaller, end: () => void): () => void {
    const all = this.ends.get(id) ?? new Set();
    this.ends.set(id, all.add(end));
    return () => {
      all.delete(end);
      if (all.size === 0 && this.ends.get(id) === all) this.ends.delete(id);
    };
  }

  /** Ends what is over: old sessions, and whatever goes back to a token that is no longer good. */
  sweep(): void {
    this.sessions.sweep();
    for (const origin of this.sessions.origins()) {
      if (!this.isGoodOrigin(origin)) this.sessions.closeOrigin(origin);
    }
    for (const id of [...this.ends.keys()]) {
      if (!this.sessions.isOpen(id) && !this.tokens.isGood(id)) this.endAll(id);
    }
  }

  private isGoodOrigin(origin: string): boolean {
    return lasting.includes(origin) || this.tokens.isGood(origin);
  }

  private endAll(id: string): void {
    const all = this.ends.get(id);
    this.ends.delete(id);
    for (const end of all ?? []) end();
  }
}

function unauthenticated(ended?: SessionEnd): Failure {
  return new Failure({
    code: "unauthenticated",
    message: ended ? whyEnded[ended] : "This console needs a token or a browser session.",
    ...(ended ? { details: { ended } } : {}),
    hint: "Send `Authorization: Bearer …` with a token such as that of the token file, or open a sign-in link.",
  });
}

const whyEnded: Record<SessionEnd, string> = {
  idle: "This session ended because it was not used for an hour.",
  expired: "This session ended after twelve hours.",
  "signed-out": "This session was signed out.",
  revoked: "The token that this session goes back to is no longer good.",
};

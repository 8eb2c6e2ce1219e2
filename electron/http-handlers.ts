import type { accessOperations } from "../shared/console/access-operations.ts";
import type { BrowserSession } from "../shared/console/access-schema.ts";
import { type CallContext, Failure, type Handlers, type Scope } from "../shared/contract/index.ts";
import type { HttpAccess } from "./bridge/http/access.ts";
import type { TokenStore } from "./http-tokens.ts";

/** Handlers of `console.tokens.*` and `console.sessions.*`; `open` gives what there is while HTTP is on. */
export function accessHandlers(
  tokens: () => TokenStore,
  open: () => { access: HttpAccess; signInLink: (token: string) => string } | undefined,
): Handlers<typeof accessOperations> {
  return {
    "console.tokens.list": () => tokens().list(),
    "console.tokens.create": (wanted, { scope }) => {
      requireWithin(wanted.scope, scope);
      return tokens().create(wanted);
    },
    "console.tokens.revoke": ({ tokenId }) => {
      try {
        return { revoked: tokens().revoke(tokenId) };
      } finally {
        open()?.access.sweep();
      }
    },
    "console.sessions.list": (_input, { caller }) =>
      (open()?.access.sessions.list() ?? []).map(
        (session): BrowserSession => ({
          id: session.id,
          scope: session.scope,
          madeBy: session.madeBy,
          browser: session.browser,
          createdAt: new Date(session.createdAt).toISOString(),
          lastUsedAt: new Date(session.usedAt).toISOString(),
          expiresAt: new Date(session.until).toISOString(),
          own: session.id === caller?.id,
        }),
      ),
    "console.sessions.close": ({ sessionId }) => ({
      closed: open()?.access.sessions.close(sessionId, "signed-out") ?? false,
    }),
    "console.sessions.invite": (input, context) => {
      const opened = open();
      if (!opened) throw off();
      const scope = input.scope ?? context.scope;
      requireWithin(scope, context.scope);
      const { token, until } = opened.access.sessions.invite({ scope, ...makerOf(context) });
      return { address: opened.signInLink(token), expiresAt: new Date(until).toISOString() };
    },
  };
}

function makerOf({ actor, caller }: CallContext): { origin: string; madeBy: string } {
  return { origin: caller?.origin ?? "window", madeBy: actor };
}

/** Throws `forbidden` where more is asked for than the caller has: nobody can widen itself. */
function requireWithin(asked: Scope, own: Scope): void {
  if (asked === "read" || own === "change") return;
  const details = { scope: own, needed: asked };
  throw new Failure({ code: "forbidden", message: "Nobody can give away more than it has.", details });
}

function off(): Failure {
  return new Failure({
    code: "conflict",
    message: "The HTTP interface is off.",
    hint: "Switch it on first.",
  });
}

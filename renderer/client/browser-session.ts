import { type FailureData, failureSchema, openedSessionSchema } from "../../shared/contract/index.ts";

// Of this tab and this origin alone, its port included: no other server and no other tab ever gets it.
const secretKey = "switchyard-session";
const reasonKey = "switchyard-signed-out";
const sessionPath = "/api/session";
const awakeMs = 5 * 60_000;

/** Whether this tab holds the secret of a session, which need not be good any more. */
export function hasSession(): boolean {
  return secret() !== undefined;
}

/** Why this tab is signed out; undefined where it never was signed in. */
export function whySignedOut(): string | undefined {
  return sessionStorage.getItem(reasonKey) ?? undefined;
}

/** The one-time token in a sign-in link, or in whatever a person pastes that holds one. */
export function oneTimeTokenIn(text: string): string | undefined {
  const fragment = /#token=([^&\s"']+)/.exec(text)?.[1];
  if (fragment) return fragment;
  const [bare] = /\bswl_[\w-]+/.exec(text) ?? [];
  return bare;
}

/** Takes the one-time token out of the tab's address, and nothing else that an old link may have left there. */
export function takeTokenFromAddress(): string | undefined {
  const { hash, pathname, search } = window.location;
  const token = oneTimeTokenIn(hash);
  if (token || search) window.history.replaceState(null, "", pathname + (token ? "" : hash));
  return token;
}

/** Hears of a sign-in link that is opened in a tab which shows the console already, and of where the tab was. */
export function onLinkInAddress(listener: (token: string, before: string) => void): void {
  window.addEventListener("hashchange", ({ oldURL, newURL }) => {
    const token = oneTimeTokenIn(new URL(newURL).hash);
    if (!token) return;
    window.history.replaceState(null, "", oldURL);
    listener(token, oldURL);
  });
}

/** Trades a one-time token for a session, and loads the page anew with it, where it is or at `address`; answers with what went wrong. */
export async function signIn(token: string, address?: string): Promise<FailureData> {
  const headers = { "Content-Type": "application/json" };
  try {
    const body = JSON.stringify({ token });
    const response = await fetch(sessionPath, { method: "POST", headers, body, credentials: "omit" });
    const answer: unknown = await response.json();
    if (!response.ok) return failureSchema.parse(answer);
    sessionStorage.setItem(secretKey, openedSessionSchema.parse(answer).session);
    sessionStorage.removeItem(reasonKey);
  } catch {
    return {
      code: "unreachable",
      message: "The console does not answer.",
      hint: "Check that it still runs.",
    };
  }
  // Meanwhile the router may have gone elsewhere.
  if (address) window.history.replaceState(null, "", address);
  return begunAnew();
}

/** Ends the session of this tab for good. */
export async function signOut(): Promise<void> {
  await send(sessionPath, { method: "DELETE" }).catch(() => undefined);
  forget("You signed out.");
}

/** A request to the console that carries the session. A session that is over takes the tab to the page for signing in. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const shown = secret();
  const headers = { ...init.headers, ...(shown ? { Authorization: `Bearer ${shown}` } : {}) };
  const response = await fetch(path, { ...init, headers, credentials: "omit" });
  if (response.status === 401 && shown === secret()) forget(await reasonIn(response.clone()));
  return response;
}

/** A page that somebody looks at is in use, though it may only be following what comes. */
export function keepAwake(): void {
  const ask = () => {
    if (document.visibilityState === "visible") void send(sessionPath).catch(() => undefined);
  };
  window.setInterval(ask, awakeMs);
  document.addEventListener("visibilitychange", ask);
}

function secret(): string | undefined {
  return sessionStorage.getItem(secretKey) ?? undefined;
}

async function reasonIn(response: Response): Promise<string> {
  const failure = failureSchema.safeParse(await response.json().catch(() => undefined));
  if (failure.success && failure.data.details?.ended) return failure.data.message;
  return "The console does not know this session: it was started again since.";
}

/** The page begins anew, so that nothing that it knew stays in memory; its address stays, and with it the way back. */
function forget(reason: string): void {
  if (!hasSession()) return;
  sessionStorage.removeItem(secretKey);
  sessionStorage.setItem(reasonKey, reason);
  void begunAnew();
}

/** Never resolves: the page is gone first. */
function begunAnew(): Promise<never> {
  window.location.reload();
  return new Promise(() => undefined);
}

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./wire.ts";
import { send, tagged } from "./wire.ts";

/** What can be wrong with a server or with the proxy in front of it; `path` is the beginning of the paths it concerns. */
export interface ForgeFault {
  kind:
    | "conflict"
    | "storage"
    | "rateLimited"
    | "dropBefore"
    | "dropAfter"
    | "slow"
    | "proxyPage"
    | "unauthenticated"
    | "forbidden"
    | "loginPage"
    | "redirect"
    | "truncated";
  path?: string;
  /** How often; always when absent. */
  count?: number;
  milliseconds?: number;
}

const answers: Partial<Record<ForgeFault["kind"], Answer>> = {
  conflict: tagged(409, { kind: "conflict", msg: "database is locked" }),
  storage: tagged(500, { kind: "storage", msg: "storage backend error" }),
  rateLimited: tagged(429, { kind: "rate_limited", retry_after_secs: 7 }),
};

const pages: Partial<Record<ForgeFault["kind"], number>> = {
  proxyPage: 502,
  unauthenticated: 401,
  forbidden: 403,
  loginPage: 200,
};

/** Answers instead of the server; false when the fault only disturbs what the server answers itself. */
export function answerFault(fault: ForgeFault, request: IncomingMessage, response: ServerResponse): boolean {
  const answer = answers[fault.kind];
  if (answer) send(response, answer, false);
  else if (fault.kind === "dropBefore") request.socket.destroy();
  else if (fault.kind === "redirect")
    response.writeHead(302, { location: "https://login.example.test/" }).end();
  else {
    const status = pages[fault.kind];
    if (status === undefined) return false;
    response.writeHead(status, { "content-type": "text/html" });
    response.end("<html><body><h1>Gateway</h1></body></html>");
  }
  return true;
}

/** What the simulated server answers to one request. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

const jsonType = "application/json";
const textType = "text/plain; charset=utf-8";

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { "content-type": jsonType, ...headers }, body: JSON.stringify(value) };
}

export function text(status: number, body: string, type = textType): Reply {
  return { status, headers: { "content-type": type }, body };
}

export function empty(status: number, headers: Record<string, string> = {}): Reply {
  return { status, headers, body: "" };
}

/** The server's error body; `kind` and `retryable` are left out when unset, never null. */
export interface ErrorText {
  kind?: string;
  retryable?: boolean;
}

/** Thrown by a handler to end a request with an error. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`status ${reply.status}`);
    this.reply = reply;
  }
}

export function refuse(status: number, error: string, detail: ErrorText = {}): Refusal {
  return new Refusal(json(status, { error, ...detail }));
}

/** A backend that lacks an operation says so with 503, for good. */
export function unavailable(operation: string): Refusal {
  return refuse(503, `backend op unavailable: ${operation}`, { kind: "unavailable", retryable: false });
}

/** What the JSON extractor rejects; the text never says which field was wrong. */
export function badJson(status: 400 | 415 | 422): Refusal {
  const names = { 400: "Bad Request", 415: "Unsupported Media Type", 422: "Unprocessable Entity" };
  return refuse(status, `invalid JSON: ${names[status]}`);
}

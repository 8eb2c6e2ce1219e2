import { withoutHidden, withoutSecrets } from "./hidden-texts.ts";
import type { RawReply } from "./http-exchange.ts";

/** One request to a server. */
export interface HttpRequest {
  method: "GET" | "POST" | "PUT";
  /** Below the base address, encoded, with its query. */
  path: string;
  /** JSON text; without it the request has no body and no content type. */
  body?: string | undefined;
  timeoutMs?: number | undefined;
  /** What it carries and no reply may bring back, beside the client's own secrets. */
  hidden?: readonly string[] | undefined;
}

/** A whole reply, whatever its status. */
export class HttpReply {
  readonly body: Buffer;

  constructor(
    /** How it was asked for: what was only read is not carried out later. */
    readonly method: HttpRequest["method"],
    private readonly raw: RawReply,
    private readonly hidden: readonly string[],
  ) {
    // What a server or a proxy says about a failure is shown and recorded, and some repeat what they were sent.
    this.body = this.isSuccess ? raw.body : withoutEchoes(raw.body, hidden);
  }

  get status(): number {
    return this.raw.status;
  }

  get isSuccess(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  /** Media type in lower case, without parameters. */
  get contentType(): string {
    return (this.raw.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  }

  get location(): string | undefined {
    const { location } = this.raw.headers;
    return location && this.shown(location);
  }

  get text(): string {
    return this.body.toString("utf8");
  }

  /** Its text, or something that was read in it, as people may see it. */
  shown(text = this.text): string {
    return withoutSecrets(text, this.hidden);
  }

  /** Milliseconds for which a throttling server asks to be left alone. */
  get retryAfterMs(): number | undefined {
    const value = this.status === 429 || this.status === 503 ? this.raw.headers["retry-after"] : undefined;
    if (value === undefined) return undefined;
    const milliseconds = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
    return Number.isNaN(milliseconds) ? undefined : Math.max(milliseconds, shortestPauseMs);
  }
}

const shortestPauseMs = 250;

function withoutEchoes(body: Buffer, hidden: readonly string[]): Buffer {
  // A byte is a character here, so that nothing else changes.
  return Buffer.from(withoutHidden(body.toString("latin1"), hidden), "latin1");
}

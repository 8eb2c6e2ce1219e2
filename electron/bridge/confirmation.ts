import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import {
  type CallOptions,
  type ConfirmationRequest,
  canonicalJson,
  Failure,
  type GuardedConnection,
} from "../../shared/contract/index.ts";
import { fingerprint, Unlocks } from "./unlocks.ts";

const lifetimeMs = 5 * 60_000;

/** What is being confirmed: exactly this command, with exactly this input. */
export interface ConfirmationSubject {
  operation: string;
  input: unknown;
  connection: GuardedConnection;
}

/**
 * Issues and checks confirmation tokens. A token is bound to the operation, the exact input, and the connection with its
 * guard and target as they are, lives five minutes and works once, so that a dialog cannot confirm something else. A protected connection also wants
 * its name, which then unlocks it for as long as it allows; the token is asked for all the same.
 */
export class Confirmations {
  private readonly key = randomBytes(32);
  private readonly used = new Map<string, number>();

  constructor(
    private readonly now: () => number,
    private readonly unlocks = new Unlocks(now),
  ) {}

  /** Passes, or throws `confirmation_required` with a fresh token in `details` (shape: ConfirmationRequest). */
  require(subject: ConfirmationSubject, answer: CallOptions["confirmation"]): void {
    if (!answer) throw this.request(subject, "This connection asks for a confirmation.");
    if (!this.isValid(subject, answer.token)) {
      throw this.request(
        subject,
        "The confirmation does not belong to this input, is used up or has expired.",
      );
    }
    this.requirePhrase(subject, answer.phrase);
    this.used.set(answer.token, this.now() + lifetimeMs);
  }

  private requirePhrase(subject: ConfirmationSubject, phrase: string | undefined): void {
    const { connection } = subject;
    if (connection.guard !== "protected") return;
    if (phrase === connection.name) this.unlocks.unlock(connection);
    else if (phrase !== undefined) {
      this.unlocks.lock(connection.id);
      throw this.request(subject, "The typed phrase is not the connection's name.");
    } else if (!this.unlocks.isUnlocked(connection)) {
      throw this.request(subject, "This connection is locked: its name has to be typed.");
    }
  }

  private request(subject: ConfirmationSubject, message: string): Failure {
    const expires = this.now() + lifetimeMs;
    const { connection } = subject;
    const phraseNeeded = connection.guard === "protected" && !this.unlocks.isUnlocked(connection);
    const details: ConfirmationRequest = {
      token: this.token(subject, expires, randomBytes(9).toString("base64url")),
      guard: connection.guard,
      phraseNeeded,
      expiresAt: new Date(expires).toISOString(),
    };
    const hint = phraseNeeded
      ? `Call again with the token and the phrase "${connection.name}".`
      : "Call again with the token and the same input.";
    return new Failure({ code: "confirmation_required", message, details, hint });
  }

  private token(subject: ConfirmationSubject, expires: number, nonce: string): string {
    const bound = canonicalJson([
      subject.operation,
      subject.input,
      fingerprint(subject.connection),
      expires,
      nonce,
    ]);
    const mark = createHmac("sha256", this.key).update(bound).digest("base64url");
    return `${expires.toString(36)}.${nonce}.${mark}`;
  }

  private isValid(subject: ConfirmationSubject, token: string): boolean {
    this.forgetExpired();
    const [expiresText, nonce] = token.split(".");
    const expires = Number.parseInt(expiresText ?? "", 36);
    if (!nonce || !(expires > this.now()) || this.used.has(token)) return false;
    const expected = Buffer.from(this.token(subject, expires, nonce));
    const given = Buffer.from(token);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  private forgetExpired(): void {
    const now = this.now();
    for (const [token, until] of this.used) if (until < now) this.used.delete(token);
  }
}

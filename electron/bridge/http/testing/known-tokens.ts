import type { Scope } from "../../../../shared/contract/index.ts";
import { digestOf, findByDigest } from "../../digest.ts";
import type { KnownToken, Tokens } from "../access.ts";

/** Tokens that a test knows by their texts, and can revoke. */
export class KnownTokens implements Tokens {
  private known: (KnownToken & { digest: Buffer })[] = [];

  add(text: string, name = "token file", scope: Scope = "change"): this {
    this.known.push({ id: `t-${name}`, name, scope, digest: digestOf(text) });
    return this;
  }

  revoke(name: string): void {
    this.known = this.known.filter((token) => token.name !== name);
  }

  use(digest: Buffer): KnownToken | undefined {
    return findByDigest(this.known, digest);
  }

  isGood(id: string): boolean {
    return this.known.some((token) => token.id === id);
  }
}

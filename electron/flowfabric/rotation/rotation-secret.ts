import { randomBytes } from "node:crypto";
import { Failure } from "../../../shared/contract/index.ts";
import type { SecretStore } from "../../connections/secrets.ts";

/** The servers that a rotation sends its secret to. */
export type RotationPlaces = readonly string[];

/** Under which name the one secret of a rotation lies in the store of secrets. */
const secretName = "seed";

/** The secret of one rotation, bound to the servers that it was begun on. */
export class RotationSecret {
  /** No connection can have this id. */
  private readonly owner: string;

  constructor(
    private readonly store: SecretStore,
    private readonly rotationId: string,
  ) {
    this.owner = `rotation:${rotationId}`;
  }

  get exists(): boolean {
    return this.store.names(this.owner).includes(secretName);
  }

  /** Keeps the given secret, or a new one. */
  async keep(secretHex: string | undefined, places: RotationPlaces): Promise<void> {
    const value = secretHex ?? randomBytes(32).toString("hex");
    await this.store.put(this.owner, { [secretName]: value }, { [secretName]: places });
  }

  /** Throws `conflict` where it is gone, or was kept for other servers. */
  async read(places: RotationPlaces): Promise<string> {
    const secret = (await this.store.get(this.owner, { [secretName]: places }))[secretName];
    if (secret !== undefined) return secret;
    throw this.exists ? begunElsewhere(this.rotationId) : gone(this.rotationId);
  }

  async destroy(): Promise<void> {
    await this.store.remove(this.owner);
  }
}

function begunElsewhere(rotationId: string): Failure {
  return new Failure({
    code: "conflict",
    message:
      "This rotation was begun on another server: its secret is not sent to the one that the connection leads to now.",
    details: { rotationId, delivered: false },
    hint: "Put the connection's former address back to retry it, or abandon it and rotate a fresh key in.",
  });
}

function gone(rotationId: string): Failure {
  return new Failure({
    code: "conflict",
    message: "The secret of this rotation is gone, so the same pair cannot be sent again.",
    details: { rotationId, delivered: false },
    hint: "Abandon it and rotate a fresh key in. Without a keychain, secrets end with the console.",
  });
}

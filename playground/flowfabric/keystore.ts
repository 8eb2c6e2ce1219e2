/** What the rotation function answers for one partition. */
export type KeystoreReply =
  | { status: "rotated"; previous: string; kid: string; collected: number }
  | { status: "noop"; kid: string }
  | {
      status: "refused";
      code: "rotation_conflict" | "invalid_kid" | "invalid_secret_hex" | "invalid_grace_ms";
    };

export interface Rotation {
  kid: string;
  secretHex: string;
  graceMilliseconds: number;
}

/** The keys of all partitions, wherever they are kept. Rejects where a partition cannot be reached. */
export interface Keystores {
  readonly partitions: number;
  rotate(partition: number, rotation: Rotation): Promise<KeystoreReply>;
  currentKid(partition: number): Promise<string>;
}

/** One partition's keystore as the Valkey function library keeps it. */
export class PartitionKeystore {
  current: string | undefined;
  readonly secrets = new Map<string, string>();
  readonly expiries = new Map<string, number>();

  rotate({ kid, secretHex, graceMilliseconds }: Rotation, now: number): KeystoreReply {
    if (kid === "" || kid.includes(":")) return { status: "refused", code: "invalid_kid" };
    if (!/^([0-9a-fA-F]{2})+$/.test(secretHex)) return { status: "refused", code: "invalid_secret_hex" };
    if (!Number.isSafeInteger(graceMilliseconds) || graceMilliseconds < 0)
      return { status: "refused", code: "invalid_grace_ms" };
    if (this.current === kid) return this.#again(kid, secretHex);
    const collected = this.#collect(now);
    const previous = this.current ?? "";
    if (previous) this.expiries.set(previous, now + graceMilliseconds);
    this.current = kid;
    this.secrets.set(kid, secretHex);
    return { status: "rotated", previous, kid, collected };
  }

  /** Retired keys that still verify. */
  verifying(now: number): [string, number][] {
    return [...this.expiries].filter(([, expiry]) => expiry >= now);
  }

  #again(kid: string, secretHex: string): KeystoreReply {
    const stored = this.secrets.get(kid);
    if (stored !== undefined && stored !== secretHex) return { status: "refused", code: "rotation_conflict" };
    this.secrets.set(kid, secretHex);
    return { status: "noop", kid };
  }

  #collect(now: number): number {
    const passed = [...this.expiries].filter(([, expiry]) => !(expiry > 0) || expiry < now);
    for (const [kid] of passed) {
      this.expiries.delete(kid);
      this.secrets.delete(kid);
    }
    return passed.length;
  }
}

/** The keystores of a Valkey-backed server, in memory. */
export function memoryKeystores(
  partitions: number,
  first: Rotation,
  now: () => number,
): Keystores & { of(partition: number): PartitionKeystore } {
  const stores = Array.from({ length: partitions }, () => new PartitionKeystore());
  for (const store of stores) store.rotate(first, now());
  const of = (partition: number): PartitionKeystore => {
    const store = stores[partition];
    if (!store) throw new Error(`there is no partition ${partition}`);
    return store;
  };
  return {
    partitions,
    of,
    rotate: async (partition, rotation) => of(partition).rotate(rotation, now()),
    currentKid: async (partition) => of(partition).current ?? "",
  };
}

/** The one global keystore of a Postgres- or SQLite-backed server: no grace, and no key at first. */
export function globalKeystore(): Keystores {
  const secrets = new Map<string, string>();
  let active = "";
  return {
    partitions: 1,
    currentKid: async () => active,
    rotate: async (_partition, { kid, secretHex }) => {
      const stored = secrets.get(kid);
      if (stored !== undefined)
        return stored === secretHex.toLowerCase()
          ? { status: "noop", kid }
          : { status: "refused", code: "rotation_conflict" };
      const previous = active;
      secrets.set(kid, secretHex.toLowerCase());
      active = kid;
      return { status: "rotated", previous, kid, collected: 0 };
    },
  };
}

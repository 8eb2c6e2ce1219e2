/** A failure that can be injected into a simulated system. */
interface Fault {
  kind: string;
  /** What it concerns, such as a method; absent or `*` means everything. */
  on?: string | undefined;
  /** How often it strikes before it wears off; without it, always. */
  count?: number;
}

/** The faults in force at one simulated server. */
export class Faults<F extends Fault> {
  #inForce: { fault: F; left: number }[] = [];

  /** With the kinds that there are, `add` refuses others. */
  constructor(private readonly kinds?: readonly F["kind"][]) {}

  /** Puts a fault in force. */
  add(fault: F): void {
    if (this.kinds && !this.kinds.includes(fault.kind))
      throw new Error(`no such fault: ${String(fault.kind)}`);
    this.#inForce.push({ fault, left: fault.count ?? Number.POSITIVE_INFINITY });
  }

  /** Lifts the faults of one kind, or all of them. */
  clear(kind?: F["kind"]): void {
    this.#inForce = kind === undefined ? [] : this.#inForce.filter(({ fault }) => fault.kind !== kind);
  }

  /** Lists what is in force. */
  list(): F[] {
    return this.#inForce.map(({ fault }) => fault);
  }

  /** The first fault of this kind for this target, used up by one. */
  take<Kind extends F["kind"]>(kind: Kind, target?: string): Extract<F, { kind: Kind }> | undefined {
    const fault = this.takeFirst(
      (each) => each.kind === kind && (each.on === undefined || each.on === "*" || each.on === target),
    );
    return fault as Extract<F, { kind: Kind }> | undefined;
  }

  /** The first fault that fits, used up by one. */
  takeFirst(fits: (fault: F) => boolean): F | undefined {
    const entry = this.#inForce.find(({ fault }) => fits(fault));
    if (!entry) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#inForce = this.#inForce.filter((other) => other !== entry);
    return entry.fault;
  }
}

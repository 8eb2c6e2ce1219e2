interface Trouble {
  since: number;
  cause?: unknown;
}

/** Servers of which the last that was heard is a failure, by their address, and the connection as a whole without one. */
export class Troubles {
  private readonly known = new Map<string | undefined, Trouble>();

  /** Takes in that a server failed, and with what its connection did where that is known. */
  add(server: string | undefined, cause?: unknown): void {
    const trouble = this.known.get(server) ?? { since: performance.now() };
    if (cause !== undefined) trouble.cause = cause;
    this.known.set(server, trouble);
  }

  /** It has answered. */
  end(server: string | undefined): void {
    this.known.delete(server);
  }

  causeOf(server: string | undefined): unknown {
    return this.known.get(server)?.cause;
  }

  /** Whether a server has been in trouble for so long, in milliseconds. */
  isLasting(server: string | undefined, milliseconds: number): boolean {
    const trouble = this.known.get(server);
    return trouble !== undefined && performance.now() - trouble.since >= milliseconds;
  }
}

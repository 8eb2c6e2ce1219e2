/** So many names are kept for one lattice; the oldest go first. */
const most = 10_000;

/** Names of configs that are known to have been stored, by lattice. */
export class ConfigNames {
  private readonly byLattice = new Map<string, Set<string>>();

  of(lattice: string): ReadonlySet<string> {
    return this.byLattice.get(lattice) ?? new Set();
  }

  add(lattice: string, name: string): void {
    const names = this.byLattice.get(lattice) ?? new Set();
    this.byLattice.set(lattice, names.add(name));
    const [oldest] = names;
    if (names.size > most && oldest !== undefined) names.delete(oldest);
  }

  remove(lattice: string, name: string): void {
    this.byLattice.get(lattice)?.delete(name);
  }
}

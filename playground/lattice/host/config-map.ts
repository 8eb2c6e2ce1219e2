type Config = Record<string, string>;

/** The named configs of a lattice; tells whoever follows of each change. */
export class ConfigMap extends Map<string, Config> {
  /** Hears of each config stored, or deleted (`undefined`). */
  onChange: ((name: string, config: Config | undefined) => void) | undefined;

  override set(name: string, config: Config): this {
    super.set(name, config);
    this.onChange?.(name, config);
    return this;
  }

  override delete(name: string): boolean {
    const was = super.delete(name);
    if (was) this.onChange?.(name, undefined);
    return was;
  }
}

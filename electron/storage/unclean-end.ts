import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const markSchema = z.object({ damaged: z.array(z.string()) });

/** A file that is there while the databases of a folder are open, and stays where the console did not end as it should. */
export class OpenMark {
  /** Whether the console before this one ended without closing its databases, or knew damage in one. */
  readonly wasUnclean: boolean;
  /** Files that the console before this one found damaged. */
  readonly knownDamaged: readonly string[];
  readonly #file: string;
  #damaged: string[] = [];
  #isChecked: boolean;

  constructor(directory: string) {
    this.#file = join(directory, "switchyard.open");
    this.wasUnclean = existsSync(this.#file);
    this.#isChecked = !this.wasUnclean;
    this.knownDamaged = this.wasUnclean ? readDamaged(this.#file) : [];
    this.#write();
  }

  /** The next start looks at the whole file before it uses it. */
  recordDamage(name: string): void {
    this.#damaged = [...this.#damaged, name];
    this.#write();
  }

  /** The databases were looked at after an unclean end. */
  checked(): void {
    this.#isChecked = true;
  }

  /** To be called when the databases are closed; the mark stays while a check is owed, or damage is known. */
  clear(): void {
    if (!this.#isChecked || this.#damaged.length > 0) return;
    try {
      rmSync(this.#file, { force: true });
    } catch {
      // The next start looks for damage that is not there.
    }
  }

  #write(): void {
    try {
      writeFileSync(this.#file, `${JSON.stringify({ damaged: this.#damaged })}\n`, { mode: 0o600 });
    } catch {
      // Without a folder to write to there is nothing that an unclean end could damage.
    }
  }
}

function readDamaged(file: string): string[] {
  try {
    return markSchema.parse(JSON.parse(readFileSync(file, "utf8"))).damaged;
  } catch {
    return [];
  }
}

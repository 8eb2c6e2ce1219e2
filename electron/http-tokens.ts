import { randomBytes } from "node:crypto";
import { renameSync, statSync } from "node:fs";
import { z } from "zod";
import { type AccessToken, fileToken, tokenNameSchema } from "../shared/console/access-schema.ts";
import { Failure, type Scope, scopeSchema } from "../shared/contract/index.ts";
import { digestOf, findByDigest, newSecret } from "./bridge/digest.ts";
import type { KnownToken, Tokens } from "./bridge/http/access.ts";
import { writePrivateFile } from "./connections/files.ts";
import { readPrivateFile } from "./storage/private-files.ts";

const most = 64;
const dayMs = 86_400_000;
/** Another process of the same data folder may have made or revoked one. */
const reloadMs = 2_000;

const storedSchema = z.object({
  id: z.string().regex(/^t-[0-9a-f]{8}$/),
  name: tokenNameSchema,
  scope: scopeSchema,
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
});
const fileSchema = z.object({ version: z.literal(1), tokens: z.array(storedSchema) });
const usedSchema = z.record(z.string(), z.iso.datetime());
type Stored = z.infer<typeof storedSchema>;
type Entry = KnownToken & { digest: Buffer; until: number };

export interface TokenStoreParts {
  /** Holds names, scopes and digests; never a token. */
  file: string;
  /** When each was last used: apart, because it is written often and by nobody who decides. */
  usedFile: string;
  now(): number;
  /** Called with a sentence that says what is wrong with the file; the console works without it. */
  onProblem(problem: string): void;
}

/** The named tokens of the HTTP interface, and beside them the one of the token file. */
export class TokenStore implements Tokens {
  private stored: Stored[] = [];
  private version = "";
  private loadedAt = 0;
  private damaged = false;
  /** The digest of the token file's text, while HTTP is on. */
  private fileDigest: Buffer | undefined;
  private entries: Entry[] = [];
  private readonly used = new Map<string, number>();
  private usedChanged = false;
  /** Whatever the file says: it may not have been possible to write it. */
  private readonly revoked = new Set<string>();

  constructor(private readonly parts: TokenStoreParts) {
    this.load();
    this.readUsed();
  }

  /** Takes the text of the token file, or forgets it. */
  setFileToken(text: string | undefined): void {
    this.fileDigest = text === undefined ? undefined : digestOf(text);
    this.index();
  }

  use(digest: Buffer): KnownToken | undefined {
    this.refresh();
    const found = findByDigest(this.entries, digest);
    if (!found || found.until <= this.parts.now()) return undefined;
    this.used.set(found.id, this.parts.now());
    this.usedChanged = true;
    return found;
  }

  isGood(id: string): boolean {
    this.refresh();
    return this.entries.some((entry) => entry.id === id && entry.until > this.parts.now());
  }

  list(): AccessToken[] {
    this.load();
    const own = this.fileDigest ? [{ ...fileToken, scope: "change" as const }] : [];
    const named = this.stored.filter(({ id }) => !this.revoked.has(id));
    return [...own, ...named.map(({ digest: _digest, ...rest }) => rest)].map((token) => {
      const at = this.used.get(token.id);
      return at === undefined ? token : { ...token, lastUsedAt: timeOf(at) };
    });
  }

  /** Makes a token; its text is in the answer and nowhere else. Throws `conflict` for a name that is taken, or too many. */
  create(params: {
    name: string;
    scope: Scope;
    expiresInDays?: number | undefined;
  }): AccessToken & { token: string } {
    this.load();
    const now = this.parts.now();
    const others = this.stored.filter((token) => untilOf(token) > now);
    this.requireRoom(params.name, others);
    const token = newSecret("swt_");
    const made = {
      id: `t-${randomBytes(4).toString("hex")}`,
      name: params.name,
      scope: params.scope,
      createdAt: timeOf(now),
      ...(params.expiresInDays ? { expiresAt: timeOf(now + params.expiresInDays * dayMs) } : {}),
    };
    this.write([...others, { ...made, digest: digestOf(token).toString("hex") }], "Nothing was made.");
    return { ...made, token };
  }

  /** Ends a token at once; false where there is none. Throws `conflict` for the one of the token file. */
  revoke(id: string): boolean {
    this.load();
    if (id === fileToken.id) {
      throw new Failure({
        code: "conflict",
        message: "The token of the token file is not revoked here.",
        hint: "Remove the file, then start the console again: it makes a new one.",
      });
    }
    if (!this.stored.some((token) => token.id === id)) return false;
    this.revoked.add(id);
    this.index();
    const others = this.stored.filter((token) => token.id !== id);
    this.write(others, "It is refused until this console ends; the next one would take it again.");
    return true;
  }

  /** Writes down when tokens were last used; where that is not possible, nothing depends on it. */
  flush(): void {
    if (!this.usedChanged) return;
    this.usedChanged = false;
    try {
      const known = new Set([fileToken.id, ...this.stored.map(({ id }) => id)]);
      const times = [...this.used].filter(([id]) => known.has(id)).map(([id, at]) => [id, timeOf(at)]);
      writePrivateFile(this.parts.usedFile, `${JSON.stringify(Object.fromEntries(times))}\n`);
    } catch {
      this.usedChanged = true;
    }
  }

  private requireRoom(name: string, others: readonly Stored[]): void {
    const same = (other: string) => other.toLowerCase() === name.toLowerCase();
    if (same(fileToken.name) || others.some((token) => same(token.name))) {
      const message = `There is a token named ${name} already.`;
      throw new Failure({
        code: "conflict",
        message,
        hint: "Choose another name, or revoke that one first.",
      });
    }
    if (others.length >= most) {
      const message = `There are ${most} tokens already.`;
      throw new Failure({ code: "conflict", message, hint: "Revoke those that nobody uses." });
    }
  }

  private refresh(): void {
    const now = this.parts.now();
    if (now - this.loadedAt < reloadMs && now >= this.loadedAt) return;
    this.load();
  }

  /** Reads the file where it is another one than last time. */
  private load(): void {
    this.loadedAt = this.parts.now();
    const version = versionOf(this.parts.file);
    if (version === this.version) return;
    this.version = version;
    this.damaged = false;
    try {
      this.stored = parse(readPrivateFile(this.parts.file));
    } catch (error) {
      this.damaged = true;
      this.stored = [];
      const why = error instanceof Error ? error.message : String(error);
      this.parts.onProblem(
        `The named tokens of the HTTP interface cannot be used: ${why}. The token file works.`,
      );
    }
    this.index();
  }

  private index(): void {
    const named = this.stored
      .filter(({ id }) => !this.revoked.has(id))
      .map((token) => ({
        id: token.id,
        name: token.name,
        scope: token.scope,
        digest: Buffer.from(token.digest, "hex"),
        until: untilOf(token),
      }));
    const own = this.fileDigest
      ? [{ ...fileToken, scope: "change" as const, digest: this.fileDigest, until: Number.POSITIVE_INFINITY }]
      : [];
    this.entries = [...own, ...named];
  }

  /** Throws `conflict` where the file cannot be written; `hint` says what follows from that. */
  private write(tokens: Stored[], hint: string): void {
    const { file } = this.parts;
    try {
      // What could not be read is put aside: somebody may still want it.
      if (this.damaged) renameSync(file, `${file}.damaged`);
      writePrivateFile(file, `${JSON.stringify({ version: 1, tokens }, undefined, 2)}\n`);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new Failure({
        code: "conflict",
        message: `${file} cannot be written (${code ?? "unknown error"}).`,
        hint,
      });
    }
    this.damaged = false;
    this.stored = tokens;
    this.version = versionOf(file);
    this.index();
  }

  private readUsed(): void {
    try {
      const times = usedSchema.parse(JSON.parse(readPrivateFile(this.parts.usedFile) ?? "{}"));
      for (const [id, at] of Object.entries(times)) this.used.set(id, Date.parse(at));
    } catch {
      // It says when tokens were used, and nothing more.
    }
  }
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}

function parse(text: string | undefined): Stored[] {
  if (text === undefined) return [];
  try {
    return fileSchema.parse(JSON.parse(text)).tokens;
  } catch {
    throw new Error("their file is damaged");
  }
}

/** Milliseconds since the epoch at which a token ends. */
function untilOf({ expiresAt }: Stored): number {
  return expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt);
}

/** Tells one version of a file from another. */
function versionOf(file: string): string {
  try {
    // The time of the last change of anything, its mode too.
    const { ino, ctimeMs, size } = statSync(file);
    return `${ino} ${ctimeMs} ${size}`;
  } catch {
    return "none";
  }
}

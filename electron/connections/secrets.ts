import { readFileSync, renameSync } from "node:fs";
import { z } from "zod";
import { covers, type Destinations } from "../../shared/connections/destination.ts";
import {
  type SecretName,
  type Secrets,
  secretNameSchema,
  secretNames,
} from "../../shared/connections/schema.ts";
import { Failure, ownValue } from "../../shared/contract/index.ts";
import { inspectPrivateFile } from "../storage/private-files.ts";
import { fileProblem, writePrivateFile } from "./files.ts";

/**
 * Where secrets are kept. Each is kept with the places that it was given for, and is handed out for those only: whoever
 * wants one has to say where it will be sent. The owner is a connection's id, or `rotation:` and a rotation's id.
 */
export interface SecretStore {
  readonly kind: "keychain" | "file" | "memory";
  /** Something a person should know about this store. */
  readonly notice?: string;
  /** The secrets of an owner that were given for these places. Rejects with a Failure if they cannot be decrypted. */
  get(owner: string, destinations: Destinations): Promise<Secrets>;
  /** Replaces the secrets of an owner as a whole; one without a place is not kept. */
  put(owner: string, secrets: Secrets, destinations: Destinations): Promise<void>;
  /** Says where secrets go that were entered without saying it: by hand into the file, or in the environment. */
  adopt(owner: string, destinations: Destinations): void;
  remove(owner: string): Promise<void>;
  /** Which secrets exist; with places, those that may go there. */
  names(owner: string, destinations?: Destinations): SecretName[];
}

/** What Electron's `safeStorage` offers, as far as it is used here. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  /** Linux only. */
  getSelectedStorageBackend?(): string;
}

const placesSchema = z.array(z.string());
const heldSchema = z.union([
  z
    .string()
    .min(1)
    .transform((value) => ({ value })),
  z.object({ value: z.string().min(1), for: placesSchema }),
]);
const ownerSchema = z.string().regex(/^(rotation:)?[A-Za-z0-9_-]{1,64}$/);
const ofOwners = <T extends z.ZodType>(of: T) => z.record(ownerSchema, z.partialRecord(secretNameSchema, of));

/** The file of a store. A secret without `for` was written by hand, and is bound to the saved connection of its owner. */
const fileSchema = z.object({
  version: z.literal(1),
  /** Absent where it was written by hand. */
  values: z.enum(["clear", "encrypted"]).optional(),
  connections: ofOwners(heldSchema),
  /** Where the secrets of the environment may go; their values are never written. */
  environment: ofOwners(placesSchema).default({}),
});

type FileValues = "clear" | "encrypted";

interface HeldSecret {
  /** In a keychain's file, its encrypted form. */
  value: string;
  for?: readonly string[] | undefined;
}
type OfNames<T> = Partial<Record<SecretName, T>>;
interface Held {
  connections: Record<string, OfNames<HeldSecret>>;
  environment: Record<string, OfNames<readonly string[]>>;
}

/** How values stand in the store, and what is done with it after each change. */
interface Keeping {
  encode(value: string): string;
  /** Throws a Failure when a value cannot be read any more. */
  decode(name: SecretName, value: string): string;
  save(held: Held): void;
  /** Secrets that come from outside, and win. */
  outside(owner: string): Secrets;
}

const inMemory: Keeping = {
  encode: (value) => value,
  decode: (_name, value) => value,
  save: () => undefined,
  outside: () => ({}),
};

/** The rules of binding, whatever keeps the values. */
class BoundSecrets implements SecretStore {
  constructor(
    readonly kind: SecretStore["kind"],
    private held: Held,
    private readonly keeping: Keeping,
    readonly notice?: string,
  ) {}

  async get(owner: string, destinations: Destinations): Promise<Secrets> {
    const outside = this.keeping.outside(owner);
    const stored = this.stored(owner);
    const secrets: Secrets = {};
    for (const name of this.names(owner, destinations)) {
      const fromOutside = mayGo(this.bound(owner)[name], destinations[name]);
      const value = stored[name]?.value;
      if (outside[name] !== undefined && fromOutside) secrets[name] = outside[name];
      else if (value !== undefined) secrets[name] = this.keeping.decode(name, value);
    }
    return secrets;
  }

  async put(owner: string, secrets: Secrets, destinations: Destinations): Promise<void> {
    const outside = this.keeping.outside(owner);
    const stored: OfNames<HeldSecret> = {};
    const environment = { ...this.bound(owner) };
    for (const name of secretNames) {
      const places = destinations[name];
      const value = secrets[name];
      if (value === undefined || places === undefined) continue;
      // Who can say it may also say where it goes.
      if (value === outside[name]) environment[name] = places;
      else stored[name] = { value: this.keeping.encode(value), for: places };
    }
    this.replace(owner, stored, environment);
  }

  adopt(owner: string, destinations: Destinations): void {
    const outside = this.keeping.outside(owner);
    const stored = { ...this.stored(owner) };
    const environment = { ...this.bound(owner) };
    let changed = false;
    for (const name of secretNames) {
      const places = destinations[name];
      if (places === undefined) continue;
      const secret = stored[name];
      if (secret && secret.for === undefined) {
        stored[name] = { ...secret, for: places };
        changed = true;
      }
      if (outside[name] !== undefined && environment[name] === undefined) {
        environment[name] = places;
        changed = true;
      }
    }
    if (!changed) return;
    try {
      this.replace(owner, stored, environment);
    } catch {
      // The folder cannot be written: it holds for this run, and is said again at the next start.
      this.held = this.with(owner, stored, environment);
    }
  }

  async remove(owner: string): Promise<void> {
    // The environment still has its own: another connection of this id must not get them for another place.
    if (this.held.connections[owner]) this.replace(owner, {}, this.bound(owner));
  }

  names(owner: string, destinations?: Destinations): SecretName[] {
    const outside = this.keeping.outside(owner);
    const stored = this.stored(owner);
    const bound = this.bound(owner);
    return secretNames.filter((name) => {
      const exists = outside[name] !== undefined || stored[name] !== undefined;
      if (!exists || !destinations) return exists;
      const wanted = destinations[name];
      return (outside[name] !== undefined && mayGo(bound[name], wanted)) || mayGo(stored[name]?.for, wanted);
    });
  }

  private stored(owner: string): OfNames<HeldSecret> {
    return ownValue(this.held.connections, owner) ?? {};
  }

  private bound(owner: string): OfNames<readonly string[]> {
    return ownValue(this.held.environment, variablesOf(owner)) ?? {};
  }

  private replace(...change: Parameters<BoundSecrets["with"]>): void {
    const next = this.with(...change);
    this.keeping.save(next);
    this.held = next;
  }

  private with(owner: string, stored: OfNames<HeldSecret>, environment: OfNames<readonly string[]>): Held {
    return {
      connections: withOwner(this.held.connections, owner, stored),
      environment: withOwner(this.held.environment, variablesOf(owner), environment),
    };
  }
}

function mayGo(given: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean {
  return given !== undefined && wanted !== undefined && covers(given, wanted);
}

function nothingHeld(): Held {
  return { connections: {}, environment: {} };
}

/** Keeps secrets until the console ends. */
export function memorySecrets(notice?: string): SecretStore {
  return new BoundSecrets("memory", nothingHeld(), inMemory, notice);
}

/** What was found at a store's file. */
interface Loaded {
  held: Held;
  /** What a person should know, in one sentence. */
  notice?: string;
  /** Nothing may be written there, because it is not ours to replace. */
  untouchable?: boolean;
}

/** Reads the file of a store; an absent one is empty. Its text never becomes part of a notice, and nothing about it stops the console. */
function load(path: string, values: FileValues): Loaded {
  const problem = inspectPrivateFile(path);
  if (problem && !problem.mended && problem.reason !== "open")
    return { held: nothingHeld(), notice: `${problem.message} ${unusedNotice}`, untouchable: true };
  const seen = problem && `${problem.message} Change the passwords in it: others may have read them.`;
  try {
    const file = fileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
    if ((file.values ?? values) === values) return { held: file, ...(seen && { notice: seen }) };
    return {
      held: nothingHeld(),
      notice: `${path} holds ${otherValues[values]} ${unusedNotice}`,
      untouchable: true,
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { held: nothingHeld() };
    if (code !== undefined)
      return {
        held: nothingHeld(),
        notice: `${path} ${fileProblem(error)}. ${unusedNotice}`,
        untouchable: true,
      };
    return { held: nothingHeld(), notice: setAside(path) };
  }
}

const unusedNotice = "The console works without it: secrets are kept until it closes.";
const otherValues: Record<FileValues, string> = {
  clear: "secrets that a desktop's keychain has encrypted.",
  encrypted: "the secrets of a console without a window.",
};

/** The damaged file stays for whoever can mend it; the next secret makes a new one. */
function setAside(path: string): string {
  const aside = `${path}.damaged-${Date.now()}`;
  try {
    renameSync(path, aside);
    return `The secrets file ${path} is damaged, and was kept as ${aside}: correct it and put it back, or enter the secrets again.`;
  } catch {
    return `The secrets file ${path} is damaged: correct it, or enter the secrets again.`;
  }
}

function save(path: string, values: FileValues, { connections, environment }: Held): void {
  writePrivateFile(
    path,
    `${JSON.stringify({ version: 1, values, connections, environment }, undefined, 2)}\n`,
  );
}

/** With another value for an owner; one that has nothing is left out. */
function withOwner<T extends object>(all: Record<string, T>, owner: string, value: T): Record<string, T> {
  const others = Object.entries(all).filter(([key]) => key !== owner);
  return Object.fromEntries(Object.keys(value).length > 0 ? [...others, [owner, value]] : others);
}

/** An owner as variables name it; several ids may come to the same, and then share what their variables are bound to. */
function variablesOf(owner: string): string {
  return owner.toUpperCase().replaceAll("-", "_");
}

function fromEnvironment(environment: NodeJS.ProcessEnv, owner: string): Secrets {
  const prefix = `SWITCHYARD_SECRET_${variablesOf(owner)}_`;
  const secrets: Secrets = {};
  for (const name of secretNames) {
    const value = environment[prefix + name.toUpperCase()];
    if (value) secrets[name] = value;
  }
  return secrets;
}

/**
 * Secrets in a JSON file of mode 0600, for running without a desktop. Variables `SWITCHYARD_SECRET_<CONNECTION ID>_<NAME>`
 * (upper case, `-` as `_`) come first and are never written. A file that cannot be used is told in `notice`.
 */
export function fileSecrets(path: string, environment: NodeJS.ProcessEnv = process.env): SecretStore {
  return storeInFile("file", path, "clear", {
    ...inMemory,
    outside: (owner) => fromEnvironment(environment, owner),
  });
}

function storeInFile(
  kind: SecretStore["kind"],
  path: string,
  values: FileValues,
  keeping: Keeping,
): SecretStore {
  const { held, notice, untouchable = false } = load(path, values);
  const kept = untouchable ? keeping : { ...keeping, save: (next: Held) => save(path, values, next) };
  return new BoundSecrets(untouchable ? "memory" : kind, held, kept, notice);
}

function undecryptable(name: SecretName): Failure {
  return new Failure({
    code: "unauthenticated",
    message: `The saved ${name} can no longer be decrypted with this system's keychain.`,
    details: { cause: "authorization", missing: name },
    hint: "Edit the connection and enter it again.",
  });
}

const memoryNotice = "No system keychain: secrets stay in memory and are lost when Switchyard quits.";

/** Secrets in memory where an earlier session had a keychain: what is removed must not stay in its file either. */
function inMemoryBeside(path: string): SecretStore {
  let { held, untouchable = false } = load(path, "encrypted");
  const memory = new BoundSecrets("memory", nothingHeld(), inMemory, memoryNotice);
  const forget = memory.remove.bind(memory);
  memory.remove = async (owner) => {
    await forget(owner);
    if (untouchable || !held.connections[owner]) return;
    held = { ...held, connections: withOwner(held.connections, owner, {}) };
    save(path, "encrypted", held);
  };
  return memory;
}

/**
 * Secrets encrypted with the system's keychain, in a file that holds only their names and encrypted forms.
 * Without a real keychain nothing is written; the secrets live as long as the console.
 */
export function keychainSecrets(keychain: SafeStorage, path: string): SecretStore {
  const real = keychain.isEncryptionAvailable() && keychain.getSelectedStorageBackend?.() !== "basic_text";
  if (!real) return inMemoryBeside(path);
  return storeInFile("keychain", path, "encrypted", {
    ...inMemory,
    encode: (value) => keychain.encryptString(value).toString("base64"),
    decode: (name, value) => {
      try {
        return keychain.decryptString(Buffer.from(value, "base64"));
      } catch {
        throw undecryptable(name);
      }
    },
  });
}

import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import {
  connectionIdSchema,
  type SecretName,
  type Secrets,
  secretNameSchema,
  secretNames,
} from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { fileProblem, writePrivateFile } from "./files.ts";

/** Where the secrets of connections are kept; they go nowhere but into a sign-in. */
export interface SecretStore {
  readonly kind: "keychain" | "file" | "memory";
  /** Something a person should know about this store. */
  readonly notice?: string;
  /** All secrets of a connection; an empty record for an unknown one. Rejects with a Failure if they cannot be decrypted. */
  get(connectionId: string): Promise<Secrets>;
  /** Replaces the secrets of a connection as a whole. */
  put(connectionId: string, secrets: Secrets): Promise<void>;
  remove(connectionId: string): Promise<void>;
  /** Which secrets exist. */
  names(connectionId: string): SecretName[];
}

/** What Electron's `safeStorage` offers, as far as it is used here. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  /** Linux only. */
  getSelectedStorageBackend?(): string;
}

/** Keeps secrets until the console ends. */
export function memorySecrets(notice?: string): SecretStore {
  const held = new Map<string, Secrets>();
  return {
    kind: "memory",
    ...(notice !== undefined && { notice }),
    get: async (id) => ({ ...held.get(id) }),
    put: async (id, secrets) => {
      held.set(id, { ...secrets });
    },
    remove: async (id) => {
      held.delete(id);
    },
    names: (id) => namesOf(held.get(id)),
  };
}

function namesOf(secrets: Partial<Record<SecretName, unknown>> | undefined): SecretName[] {
  return secretNames.filter((name) => secrets?.[name] !== undefined);
}

const fileSchema = z.object({
  version: z.literal(1),
  connections: z.record(connectionIdSchema, z.partialRecord(secretNameSchema, z.string().min(1))),
});
type Held = z.infer<typeof fileSchema>["connections"];

function unusable(path: string, problem: string, hint: string): Failure {
  return new Failure({
    code: "invalid_input",
    message: `The secrets file ${path} ${problem}.`,
    details: { cause: "file", file: path },
    hint,
  });
}

function requirePrivate(path: string): void {
  if (process.platform === "win32") return;
  const { mode, uid } = statSync(path);
  if (uid !== process.getuid?.()) {
    throw unusable(path, "belongs to another user", "Make the user that runs the console its owner.");
  }
  if ((mode & 0o077) !== 0) {
    throw unusable(path, "can be read by others", `Protect it: chmod 600 ${path}`);
  }
}

/** Reads the file of a store; an absent one is empty. Its text never becomes part of an error. */
function load(path: string): Held {
  let text: string;
  try {
    requirePrivate(path);
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Failure) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw unusable(path, fileProblem(error), "Make it readable for the user that runs the console.");
  }
  try {
    return fileSchema.parse(JSON.parse(text)).connections;
  } catch {
    throw unusable(path, "is damaged", "Correct it, or move it away and enter the secrets again.");
  }
}

function save(path: string, connections: Held): void {
  writePrivateFile(path, `${JSON.stringify({ version: 1, connections }, undefined, 2)}\n`);
}

function without(held: Held, id: string): Held {
  return Object.fromEntries(Object.entries(held).filter(([key]) => key !== id));
}

function fromEnvironment(environment: NodeJS.ProcessEnv, id: string): Secrets {
  const prefix = `SWITCHYARD_SECRET_${id.toUpperCase().replaceAll("-", "_")}_`;
  const secrets: Secrets = {};
  for (const name of secretNames) {
    const value = environment[prefix + name.toUpperCase()];
    if (value) secrets[name] = value;
  }
  return secrets;
}

/**
 * Secrets in a JSON file of mode 0600, for running without a desktop. Variables `SWITCHYARD_SECRET_<CONNECTION ID>_<NAME>`
 * (upper case, `-` as `_`) come first and are never written. Throws `invalid_input` when the file is damaged or open to others.
 */
export function fileSecrets(path: string, environment: NodeJS.ProcessEnv = process.env): SecretStore {
  let held = load(path);
  const all = (id: string): Secrets => ({ ...held[id], ...fromEnvironment(environment, id) });
  const change = (next: Held): void => {
    save(path, next);
    held = next;
  };
  const ownValues = (id: string, secrets: Secrets): Secrets => {
    const given = fromEnvironment(environment, id);
    return Object.fromEntries(
      namesOf(secrets)
        .filter((name) => secrets[name] !== given[name])
        .map((name) => [name, secrets[name]]),
    );
  };
  return {
    kind: "file",
    get: async (id) => all(id),
    put: async (id, secrets) => change({ ...without(held, id), [id]: ownValues(id, secrets) }),
    remove: async (id) => {
      if (held[id]) change(without(held, id));
    },
    names: (id) => namesOf(all(id)),
  };
}

function undecryptable(name: SecretName): Failure {
  return new Failure({
    code: "unauthenticated",
    message: `The saved ${name} can no longer be decrypted with this system's keychain.`,
    details: { cause: "authorization", missing: name },
    hint: "Edit the connection and enter it again.",
  });
}

const memoryNotice =
  "This system offers no keychain: passwords and keys are kept until the console closes and are not saved.";

/**
 * Secrets encrypted with the system's keychain, in a file that holds only their names and encrypted forms.
 * Without a real keychain nothing is written; the secrets live as long as the console.
 */
export function keychainSecrets(keychain: SafeStorage, path: string): SecretStore {
  const real = keychain.isEncryptionAvailable() && keychain.getSelectedStorageBackend?.() !== "basic_text";
  if (!real) return memorySecrets(memoryNotice);
  let held = load(path);
  const change = (next: Held): void => {
    save(path, next);
    held = next;
  };
  const decrypt = (name: SecretName, encrypted: string): string => {
    try {
      return keychain.decryptString(Buffer.from(encrypted, "base64"));
    } catch {
      throw undecryptable(name);
    }
  };
  const converted = (secrets: Secrets, convert: (name: SecretName, value: string) => string): Secrets =>
    Object.fromEntries(namesOf(secrets).map((name) => [name, convert(name, secrets[name] as string)]));
  return {
    kind: "keychain",
    get: async (id) => converted(held[id] ?? {}, decrypt),
    put: async (id, secrets) => {
      const encrypt = (_name: SecretName, value: string) => keychain.encryptString(value).toString("base64");
      change({ ...without(held, id), [id]: converted(secrets, encrypt) });
    },
    remove: async (id) => {
      if (held[id]) change(without(held, id));
    },
    names: (id) => namesOf(held[id]),
  };
}

import { homedir } from "node:os";
import {
  type ConnectionRow,
  type Importable,
  type ProfileOf,
  type SecretName,
  type Secrets,
  secretNames,
} from "../../shared/connections/schema.ts";
import { asFailure, Failure } from "../../shared/contract/index.ts";
import { findNatsContexts } from "./import-nats.ts";
import { type FoundContext, type ImportSurroundings, uniqueId } from "./import-profile.ts";
import { findWashContexts } from "./import-wash.ts";

/** The surroundings of the user who runs this process. */
export function ownSurroundings(): ImportSurroundings {
  return { home: homedir(), environment: process.env, platform: process.platform };
}

/** All contexts of other tools on this machine, with ids that no profile has yet. */
export function findContexts(surroundings: ImportSurroundings, taken: Iterable<string>): FoundContext[] {
  const ids = new Set(taken);
  return [...findNatsContexts(surroundings), ...findWashContexts(surroundings)].map((found) => {
    if (!found.profile) return found;
    const id = uniqueId(found.profile.name, ids);
    ids.add(id);
    return { ...found, profile: { ...found.profile, id } };
  });
}

/** What may be shown of a context: everything but the values of its secrets. */
export function toImportable({ secrets, ...rest }: FoundContext): Importable {
  const names: SecretName[] = secretNames.filter((name) => secrets[name] !== undefined);
  return { ...rest, secrets: names };
}

/** What came of an import, key by key. */
export interface ImportResult {
  imported: ConnectionRow[];
  failed: { key: string; message: string }[];
}

type Save = (context: { profile: ProfileOf<"lattice">; secrets: Secrets }) => Promise<ConnectionRow>;

/** Saves the contexts of the given keys one after the other; each succeeds or fails for itself. */
export async function importContexts(
  contexts: readonly FoundContext[],
  keys: readonly string[],
  save: Save,
): Promise<ImportResult> {
  const result: ImportResult = { imported: [], failed: [] };
  for (const key of new Set(keys)) {
    try {
      result.imported.push(await save(importable(contexts.find((context) => context.key === key))));
    } catch (error) {
      result.failed.push({ key, message: asFailure(error).message });
    }
  }
  return result;
}

function importable(context: FoundContext | undefined) {
  if (!context) throw new Failure({ code: "not_found", message: "This context is no longer there." });
  const { profile, problem, secrets } = context;
  if (profile) return { profile, secrets };
  throw new Failure({ code: "invalid_input", message: problem ?? "It cannot be imported." });
}

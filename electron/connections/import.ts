import { homedir } from "node:os";
import { type Importable, type SecretName, secretNames } from "../../shared/connections/schema.ts";
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

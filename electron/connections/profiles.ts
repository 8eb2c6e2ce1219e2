import { type ConnectionProfile, connectionProfileSchema } from "../../shared/connections/schema.ts";
import { invalidInput } from "../../shared/contract/index.ts";

/** Where the text of profiles is kept (see `storage/profile-store.ts`). */
export interface ProfileStore {
  load(): { id: string; body: string }[];
  put(id: string, body: string): void;
  remove(id: string): void;
}

function parse(id: string, body: string): ConnectionProfile {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Error("it is not JSON");
  }
  const parsed = connectionProfileSchema.safeParse(value);
  if (!parsed.success) throw new Error(invalidInput(parsed.error).message);
  if (parsed.data.id !== id) throw new Error("it belongs to another id");
  return parsed.data;
}

/** The saved profiles and those of this session; damaged ones are told, skipped and left as they are. */
export class Profiles {
  /** What a person should know: one sentence per damaged profile. */
  readonly notices: string[] = [];
  private readonly saved = new Map<string, ConnectionProfile>();
  private readonly ephemeral = new Map<string, ConnectionProfile>();

  constructor(private readonly store: ProfileStore) {
    for (const { id, body } of store.load()) {
      try {
        this.saved.set(id, parse(id, body));
      } catch (error) {
        const reason = error instanceof Error ? error.message : "it cannot be read";
        this.notices.push(`The saved connection ${id} is damaged and was skipped: ${reason}.`);
      }
    }
  }

  /** The session's own profiles first, then the saved ones by name. */
  list(): ConnectionProfile[] {
    const byName = (a: ConnectionProfile, b: ConnectionProfile) => a.name.localeCompare(b.name);
    return [...this.ephemeral.values(), ...[...this.saved.values()].sort(byName)];
  }

  get(id: string): ConnectionProfile | undefined {
    return this.ephemeral.get(id) ?? this.saved.get(id);
  }

  isEphemeral(id: string): boolean {
    return this.ephemeral.has(id);
  }

  save(profile: ConnectionProfile): void {
    this.store.put(profile.id, JSON.stringify(profile));
    this.saved.set(profile.id, profile);
  }

  /** Adds a profile that is never written to disk. */
  addEphemeral(profile: ConnectionProfile): void {
    this.ephemeral.set(profile.id, profile);
  }

  remove(id: string): void {
    if (this.ephemeral.delete(id)) return;
    this.store.remove(id);
    this.saved.delete(id);
  }
}

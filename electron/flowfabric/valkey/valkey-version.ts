/** What keeps the partitions. */
export interface StoreVersion {
  /** Such as `Valkey 8.0.1`. */
  name: string;
  /** Why ff-server does not start on it, for what is no Valkey. */
  refused?: string;
}

/** Reads `INFO server` as ff-server does when it starts (flowfabric-admin §6.2). */
export function versionIn(info: string): StoreVersion {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1];
  const redis = field("redis_version") ?? "of unknown version";
  const valkey = field("valkey_version") ?? (field("server_name") === "valkey" ? redis : undefined);
  if (valkey !== undefined) return { name: `Valkey ${valkey}` };
  const name = `Redis ${redis}`;
  return { name, refused: `This is ${name}: ff-server starts on Valkey 7.2 or newer only.` };
}

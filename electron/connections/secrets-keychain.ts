import { join } from "node:path";
import { safeStorage } from "electron";
import { keychainSecrets, type SecretStore } from "./secrets.ts";

/** The desktop's secret store, in the application's data folder. Call it after Electron's `ready`. */
export function keychain(directory: string): SecretStore {
  return keychainSecrets(safeStorage, join(directory, "secrets.json"));
}

import type { Preferences } from "../shared/console/schema.ts";
import type { PreferenceStore } from "./storage/preference-store.ts";

/** Handlers of `console.preferences.*`. */
export function preferencesHandlers(store: PreferenceStore) {
  return {
    "console.preferences.get": () => store.load(),
    "console.preferences.save": (preferences: Preferences) => {
      store.save(preferences);
      return store.load();
    },
  };
}

import type { PreferenceChange, Preferences } from "../../shared/console/schema.ts";
import type { PreferenceStore } from "../storage/preference-store.ts";

/** Handlers of `console.preferences.*`; `onSaved` is called after each change. */
export function preferencesHandlers(store: PreferenceStore, onSaved: (preferences: Preferences) => void) {
  return {
    "console.preferences.get": () => store.load(),
    "console.preferences.save": (change: PreferenceChange) => {
      store.save(change);
      const preferences = store.load();
      onSaved(preferences);
      return preferences;
    },
  };
}

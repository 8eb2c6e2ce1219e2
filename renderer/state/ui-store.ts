import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { System } from "../../shared/connections/schema.ts";

export type Density = "compact" | "comfortable";

export interface SelectedLattice {
  connectionId: string;
  lattice: string;
  system?: undefined;
}

/** A connection to another system than a lattice. */
export interface SelectedSystem {
  system: Exclude<System, "lattice">;
  connectionId: string;
}

export type Selected = SelectedLattice | SelectedSystem;

/** A shell that copied commands are written for. */
export type ShellName = "posix" | "powershell" | "windows-powershell" | "cmd";

interface UiState {
  /** Times are shown in UTC instead of the local zone. */
  utc: boolean;
  density: Density;
  /** What was looked at last; where the console begins the next time. */
  lastSelection: Selected | undefined;
  /** The shell that was chosen; the platform's own until then. */
  shell: ShellName | undefined;
  setUtc(utc: boolean): void;
  setDensity(density: Density): void;
  rememberSelection(selection: Selected): void;
  setShell(shell: ShellName): void;
}

/** How the person looks at things; never what the things are. */
export const useUiStore = create<UiState>()(
  persist(
    (set) => ({
      utc: false,
      density: "compact",
      lastSelection: undefined,
      shell: undefined,
      setUtc: (utc) => set({ utc }),
      setDensity: (density) => set({ density }),
      rememberSelection: (lastSelection) => set({ lastSelection }),
      setShell: (shell) => set({ shell }),
    }),
    { name: "switchyard-ui", version: 1 },
  ),
);

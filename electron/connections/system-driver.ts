import type {
  ConnectionProfile,
  Diagnosis,
  ProfileOf,
  Secrets,
  System,
} from "../../shared/connections/schema.ts";

/** Systems whose connections are made by a driver of their feature, not by this folder. */
export type DrivenSystem = Exclude<System, "lattice">;

/** An open connection to a system, as far as the console's status of it goes. */
export interface SystemLink {
  /** Address in use, without credentials. */
  readonly server: string;
  /** One round trip in milliseconds; throws a Failure while the far side is not usable. */
  check(): Promise<number>;
  close(): Promise<void>;
  /** Takes a changed profile without a break; false: it has to be opened again. */
  adopt?(profile: ConnectionProfile): boolean;
}

/** What a feature does for the connections that lead to its system. */
export interface SystemDriver<S extends DrivenSystem = DrivenSystem> {
  /** Resolves when the far side is usable; throws a Failure. */
  open(profile: ProfileOf<S>, secrets: Secrets): Promise<SystemLink>;
  /** Tries step by step and leaves nothing open; never throws for what it finds. */
  diagnose(request: { target: ProfileOf<S>["target"]; secrets: Secrets }): Promise<Diagnosis>;
}

/** The drivers that this build of the console has. */
export type SystemDrivers = { [S in DrivenSystem]?: SystemDriver<S> };

import type { Diagnosis, ProfileOf, Secrets, System } from "../../shared/connections/schema.ts";
import type { Failure, Handlers, Operations, TopicSources, Topics } from "../../shared/contract/index.ts";
import type { Scope } from "./scope.ts";

/** What the link under a session tells by itself. `ended`: it will not come back, a new session is needed. */
export type LinkEvent =
  | { kind: "lost"; failure: Failure }
  | { kind: "back" }
  | { kind: "ended"; failure: Failure };

/** What is known and running while a connection is open; it ends with the scope that it was made under. */
export interface SystemSession {
  /** Address in use, without credentials. */
  readonly server: string;
  /**
   * One round trip in milliseconds; undefined where `onLink` tells better whether the far side is there. Throws a
   * Failure while it is not usable.
   */
  check(): Promise<number | undefined>;
  /** Emits what the link tells by itself; returns what ends the subscription. */
  onLink?(listener: (event: LinkEvent) => void): () => void;
  /** Takes a changed profile without a break; false: it has to be opened again. */
  adopt?(profile: ProfileOf<System>): boolean;
}

/** One system as the connections see it: how it is diagnosed, and how it is connected to. */
export interface SystemModule<S extends System = System, Session extends SystemSession = SystemSession> {
  readonly system: S;
  /** Tries step by step and leaves nothing open; never throws for what it finds. */
  diagnose(request: { target: ProfileOf<S>["target"]; secrets: Secrets }): Promise<Diagnosis>;
  /**
   * Resolves when the far side is usable; throws a Failure. Everything that it makes is registered with the scope, which
   * may end before it resolves: then its result is not used.
   */
  connect(profile: ProfileOf<S>, secrets: Secrets, scope: Scope): Promise<Session>;
  /** Whether trying again makes sense after this failure; only what a person has to correct does not pass by default. */
  mayPass?(failure: Failure): boolean;
}

/** A module of whichever system. */
export interface AnySystemModule extends Pick<SystemModule, "system" | "mayPass"> {
  diagnose(request: { target: never; secrets: Secrets }): Promise<Diagnosis>;
  connect(profile: never, secrets: Secrets, scope: Scope): Promise<SystemSession>;
}

/** The systems that this build of the console knows. */
export type SystemModules = { [S in System]?: SystemModule<S> };

/** What the console offers for a system: its operations and its live topics. */
export interface SystemFeature<O extends Operations, T extends Topics> {
  handlers: Handlers<O>;
  topicSources: TopicSources<T>;
  /** Ends what it does beside the sessions. */
  close?(): void;
}

import type { System } from "../../shared/connections/schema.ts";
import type { Scope } from "./scope.ts";
import type { AnySystemModule, SystemModule, SystemSession } from "./system-module.ts";

interface Registered {
  module: AnySystemModule;
  session: SystemSession;
  scope: Scope;
}

interface Follower {
  connectionId: string | undefined;
  module: AnySystemModule;
  use: (session: SystemSession, scope: Scope, connectionId: string) => void;
  /** Scopes of what it uses at the moment. */
  scopes: Map<string, Scope>;
}

export type UseSession<Session> = (session: Session, scope: Scope, connectionId: string) => void;

/** The sessions of all open connections, and who follows them over closings and openings. */
export class Sessions {
  readonly #onError: (error: unknown) => void;
  readonly #registered = new Map<string, Registered>();
  readonly #followers = new Set<Follower>();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Makes a session known until its scope ends. A connection has at most one. */
  register(connectionId: string, module: AnySystemModule, session: SystemSession, scope: Scope): void {
    if (scope.isOver) return;
    if (this.#registered.has(connectionId)) throw new Error(`${connectionId} has a session already`);
    const registered: Registered = { module, session, scope };
    this.#registered.set(connectionId, registered);
    scope.onEnd(() => this.#registered.delete(connectionId));
    for (const follower of this.#followers) this.#join(follower, connectionId, registered);
  }

  /** The session of a connection, also while its link is lost for the moment. */
  find<S extends System, Session extends SystemSession>(
    connectionId: string,
    module: SystemModule<S, Session>,
  ): Session | undefined {
    const registered = this.#registered.get(connectionId);
    // Only this very module has made it, so that it is of the module's kind.
    return registered?.module === module ? (registered.session as Session) : undefined;
  }

  /**
   * Calls back with the session of a connection now and at each reopening; what `use` registers with the scope ends with
   * the session, or when the returned function ends the following.
   */
  follow<S extends System, Session extends SystemSession>(
    connectionId: string | undefined,
    module: SystemModule<S, Session>,
    use: UseSession<Session>,
  ): () => void {
    const follower: Follower = {
      connectionId,
      module,
      use: use as Follower["use"],
      scopes: new Map(),
    };
    this.#followers.add(follower);
    for (const [id, registered] of this.#registered) this.#join(follower, id, registered);
    return () => {
      this.#followers.delete(follower);
      for (const scope of follower.scopes.values()) void scope.end();
    };
  }

  #join(follower: Follower, connectionId: string, { module, session, scope }: Registered): void {
    if (module !== follower.module || scope.isOver || follower.scopes.has(connectionId)) return;
    if (follower.connectionId !== undefined && follower.connectionId !== connectionId) return;
    const own = scope.child();
    follower.scopes.set(connectionId, own);
    own.onEnd(() => follower.scopes.delete(connectionId));
    try {
      follower.use(session, own, connectionId);
    } catch (error) {
      this.#onError(error);
    }
  }
}

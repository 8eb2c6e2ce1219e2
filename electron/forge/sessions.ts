import { Failure, type TopicAddress } from "../../shared/contract/index.ts";
import type { QueueRow } from "../../shared/forge/schema.ts";
import type { ForgeSession } from "./session.ts";

type RowsListener = (upsert: readonly QueueRow[], remove: readonly string[]) => void;
interface Follower {
  listener: RowsListener;
  end: () => void;
}

/** The sessions of the open connections; whoever follows a connection goes on when it is opened again. */
export class ForgeSessions {
  private readonly open = new Map<string, ForgeSession>();
  private readonly followers = new Map<string, Set<Follower>>();

  add(session: ForgeSession): void {
    this.open.get(session.profile.id)?.close();
    this.open.set(session.profile.id, session);
    for (const follower of this.followers.get(session.profile.id) ?? []) {
      follower.end = session.follow(follower.listener);
    }
  }

  remove(session: ForgeSession): void {
    session.close();
    if (this.open.get(session.profile.id) === session) this.open.delete(session.profile.id);
  }

  /** The session of an open connection. Throws `unreachable`. */
  get(connectionId: string): ForgeSession {
    const session = this.open.get(connectionId);
    if (session) return session;
    throw new Failure({
      code: "unreachable",
      message: "The connection is not open.",
      details: { connectionId, delivered: false },
      hint: "Open the connection.",
    });
  }

  snapshot({ connectionId = "" }: TopicAddress): QueueRow[] {
    return this.open.get(connectionId)?.known() ?? [];
  }

  follow({ connectionId = "" }: TopicAddress, listener: RowsListener): () => void {
    const follower: Follower = { listener, end: () => undefined };
    const group = this.followers.get(connectionId) ?? new Set();
    this.followers.set(connectionId, group.add(follower));
    const session = this.open.get(connectionId);
    if (session) follower.end = session.follow(listener);
    return () => {
      follower.end();
      group.delete(follower);
    };
  }
}

import type { TopicAddress, TopicSource } from "../../shared/contract/index.ts";
import type { Scope } from "./scope.ts";

type OnChange<Row> = (upsert: readonly Row[], remove: readonly string[]) => void;

/** A topic whose rows come from the session of a connection. */
export interface SessionRows<Session, Row> {
  find(address: TopicAddress): Session | undefined;
  follow(address: TopicAddress, use: (session: Session, scope: Scope) => void): () => void;
  rows(session: Session): readonly Row[];
  key(row: Row): string;
  onChange(session: Session, listener: OnChange<Row>): () => void;
}

/** Follows a connection over closings and openings: rows go with their session, and come with the next one. */
export function sessionTopic<Session, Row>(topic: SessionRows<Session, Row>): TopicSource<Row> {
  return {
    snapshot: (address) => {
      const session = topic.find(address);
      return session ? [...topic.rows(session)] : [];
    },
    follow: (address, onChange) => {
      let following = true;
      // The first rows are the snapshot's.
      let isFirst = true;
      const leave = topic.follow(address, (session, scope) => {
        scope.onEnd(topic.onChange(session, onChange));
        scope.onEnd(() => {
          if (following) onChange([], topic.rows(session).map(topic.key));
        });
        if (!isFirst) onChange(topic.rows(session), []);
      });
      isFirst = false;
      return () => {
        following = false;
        leave();
      };
    },
  };
}

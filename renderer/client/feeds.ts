import { type TopicName, type TopicRow, topics } from "../../shared/catalogue.ts";
import { formatTopicAddress, type TopicDeclaration } from "../../shared/contract/index.ts";
import { transport } from "./call.ts";
import { TopicFeed } from "./event-stream.ts";

/** Whose rows are meant; what the topic's scope does not need is ignored. */
export interface TopicScope {
  connectionId?: string | undefined;
  lattice?: string | undefined;
}

interface Entry {
  feed: TopicFeed<unknown>;
  users: number;
  leaving?: ReturnType<typeof setTimeout>;
}

/** A page that is left for a moment finds its rows again without waiting. */
const lingerMs = 10_000;
const entries = new Map<string, Entry>();

/** The address of a topic in a scope; undefined while the scope lacks what the topic needs. */
export function topicAddressOf(name: TopicName, scope: TopicScope): string | undefined {
  const declaration: TopicDeclaration = topics[name] as TopicDeclaration;
  if (declaration.scope === "console") return formatTopicAddress({ topic: name });
  if (!scope.connectionId) return undefined;
  if (declaration.scope === "connection") {
    return formatTopicAddress({ topic: name, connectionId: scope.connectionId });
  }
  if (!scope.lattice) return undefined;
  return formatTopicAddress({ topic: name, connectionId: scope.connectionId, lattice: scope.lattice });
}

/** The one feed of an address; it is followed while somebody holds it. */
export function feedOf<Name extends TopicName>(name: Name, address: string): TopicFeed<TopicRow<Name>> {
  return entryOf(name, address).feed as TopicFeed<TopicRow<Name>>;
}

/** Keeps a feed open until the returned function is called. */
export function holdFeed(name: TopicName, address: string): () => void {
  const entry = entryOf(name, address);
  clearTimeout(entry.leaving);
  entry.users += 1;
  if (entry.users === 1 && entry.leaving === undefined) entry.feed.open();
  entry.leaving = undefined;
  return () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    entry.leaving = setTimeout(() => {
      entry.feed.close();
      entries.delete(address);
    }, lingerMs);
  };
}

function entryOf(name: TopicName, address: string): Entry {
  const known = entries.get(address);
  if (known) return known;
  const feed = new TopicFeed<unknown>({
    address,
    declaration: topics[name] as TopicDeclaration,
    subscribe: (at, listener) => transport().subscribe(at, listener),
    schedule: (notify) => requestAnimationFrame(notify),
  });
  const entry: Entry = { feed, users: 0 };
  entries.set(address, entry);
  return entry;
}

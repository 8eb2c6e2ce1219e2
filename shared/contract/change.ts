import { z } from "zod";

/** Whose rows a topic holds: the console's, one connection's, or one lattice's on a connection. */
export type TopicScopeKind = "console" | "connection" | "lattice";

export interface TopicDeclaration<Row = unknown> {
  scope: TopicScopeKind;
  row: z.ZodType<Row>;
  key: (row: Row) => string;
  /** An endless stream: only the newest `newest` rows are sent; the log holds the rest. */
  newest?: number;
}
// biome-ignore lint/suspicious/noExplicitAny: the catalogue holds rows of every shape
export type Topics = Record<string, TopicDeclaration<any>>;
export type RowOf<T> = T extends TopicDeclaration<infer Row> ? Row : never;

/** Declares a live collection. */
export function topic<Row>(declaration: TopicDeclaration<Row>): TopicDeclaration<Row> {
  return declaration;
}

/** `topic`, `topic:connection` or `topic:connection/lattice`. */
export interface TopicAddress {
  topic: string;
  connectionId?: string;
  lattice?: string;
}

const addressPattern = /^([a-z.]+)(?::([A-Za-z0-9_-]+)(?:\/([A-Za-z0-9_-]+))?)?$/;

/** Reads a topic address; undefined when the text is none. */
export function parseTopicAddress(text: string): TopicAddress | undefined {
  const match = addressPattern.exec(text);
  if (!match) return undefined;
  const address: TopicAddress = { topic: match[1] as string };
  if (match[2]) address.connectionId = match[2];
  if (match[3]) address.lattice = match[3];
  return address;
}

/** Writes a topic address; the inverse of `parseTopicAddress`. */
export function formatTopicAddress(address: TopicAddress): string {
  const connection = address.connectionId ? `:${address.connectionId}` : "";
  const lattice = address.lattice ? `/${address.lattice}` : "";
  return `${address.topic}${connection}${lattice}`;
}

/** A message of a live topic. `delta.revision` is the one before plus one; a gap means: subscribe again. */
export const topicMessageSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("snapshot"),
    topic: z.string(),
    revision: z.number().int(),
    rows: z.array(z.unknown()),
  }),
  z.object({
    kind: z.literal("delta"),
    topic: z.string(),
    revision: z.number().int(),
    upsert: z.array(z.unknown()),
    remove: z.array(z.string()),
    skipped: z.number().int().optional().describe("Rows of a stream that only the log holds."),
  }),
  z.object({ kind: z.literal("closed"), topic: z.string(), message: z.string() }),
]);
export type TopicMessage = z.infer<typeof topicMessageSchema>;

/** Where the rows of a topic come from; the hub asks for a snapshot and follows the changes. */
export interface TopicSource<Row = unknown> {
  snapshot(address: TopicAddress): Row[];
  /** Calls back synchronously with each change; returns the function that ends it. */
  follow(
    address: TopicAddress,
    onChange: (upsert: readonly Row[], remove: readonly string[]) => void,
  ): () => void;
}
export type TopicSources<T extends Topics> = { [Name in keyof T]: TopicSource<RowOf<T[Name]>> };

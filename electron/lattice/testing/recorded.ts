import { latticeMessages } from "../../../recordings/recordings.ts";
import { addressee } from "./recorded-requests.ts";

/** A message of a real host: an event, or the reply to a request on that subject. */
export interface RecordedMessage {
  kind: "event" | "reply";
  subject: string;
  body: Record<string, unknown>;
}

const read = /\.(host\.ping|host\.get\.\w+|link\.get|config\.get\.\w+|(component|provider)\.auction)$/;

/** One event of each type, and one good reply of each kind that is read, from hosts of 1.9.2. */
export const recordedMessages: readonly RecordedMessage[] = oneOfEach();

function oneOfEach(): RecordedMessage[] {
  const found = new Map<string, RecordedMessage>();
  for (const message of latticeMessages("1.9.2")) {
    if (message.kind !== "event" && message.kind !== "reply") continue;
    const subject = message.kind === "reply" ? message.to : message.subject;
    const body = message.body as Record<string, unknown>;
    const parts = read.exec(subject)?.[1]?.split(".").slice(0, 2).join(".");
    const isGood = message.kind === "event" || (parts !== undefined && "response" in body);
    const sort = message.kind === "event" ? subject.split(".").at(-1) : parts;
    if (isGood && sort !== undefined && !found.has(sort))
      found.set(sort, { kind: message.kind, subject, body });
  }
  return [...found.values()];
}

/** What hosts of 1.9.2 answered to each verb, refusals included, each text once. */
export const recordedAnswers: ReadonlyMap<string, readonly unknown[]> = answersByVerb();

function answersByVerb(): Map<string, unknown[]> {
  const texts = new Map<string, Map<string, unknown>>();
  for (const message of latticeMessages("1.9.2")) {
    if (message.kind !== "reply") continue;
    const { verb } = addressee(message.to);
    const known = texts.get(verb) ?? new Map<string, unknown>();
    texts.set(verb, known.set(JSON.stringify(message.body), message.body));
  }
  return new Map([...texts].map(([verb, bodies]) => [verb, [...bodies.values()]]));
}

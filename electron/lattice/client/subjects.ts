import { Failure } from "../../../shared/contract/index.ts";

/** Which lattice is addressed, and below which first tokens (wasmcloud-control §1.5). */
export interface ControlScope {
  lattice: string;
  /** Default `wasmbus.ctl`; both sides must agree. */
  topicPrefix: string;
}

/** Noun and verb of a control subject (wasmcloud-control §1.2). */
export interface ControlVerb {
  noun: "host" | "claims" | "component" | "provider" | "label" | "link" | "config" | "registry";
  verb: "ping" | "get" | "put" | "del" | "stop" | "start" | "scale" | "update" | "auction";
  /** Host id, or the config's name. */
  id?: string;
}

/**
 * A server closes the connection on a protocol line above 4096 bytes; subject and inbox share one line, and a host that asks its
 * bucket writes the lattice once more.
 */
const longestSubjectBytes = 3_500;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not get into a subject
const literalToken = /^[^\s.*>\u0000-\u001f\u007f]+$/;

function requireLiteral(subject: string, path: string): string {
  if (!subject.split(".").every((token) => literalToken.test(token))) {
    throw illegalSubject(path, "has an empty part, white space or a wildcard, which no subject may have");
  }
  if (Buffer.byteLength(subject) > longestSubjectBytes) {
    throw illegalSubject(path, `makes a subject longer than ${longestSubjectBytes} bytes`);
  }
  return subject;
}

function illegalSubject(path: string, message: string): Failure {
  return new Failure({
    code: "invalid_input",
    message: `${path}: ${message}`,
    details: { fields: [{ path, message }], delivered: false },
    hint: "Correct the named field and try again.",
  });
}

/**
 * Builds `{topicPrefix}.v1.{lattice}.{noun}.{verb}[.{id}]` (wasmcloud-control §1.1); every token is literal and
 * not empty, else `invalid_input` names the part at fault. The dispatcher has parsed what an operator enters; a subject is
 * checked all the same, because its parts also come from events, profiles and the log, and a line break in one of them
 * would be a command of its own to the server.
 */
export function controlSubject(scope: ControlScope, { noun, verb, id }: ControlVerb): string {
  requireLiteral(scope.topicPrefix, "topicPrefix");
  requireToken(scope.lattice, "lattice");
  const stem = `${scope.topicPrefix}.v1.${scope.lattice}.${noun}.${verb}`;
  if (id === undefined) return requireLiteral(stem, "lattice");
  const path = noun === "config" ? "name" : "hostId";
  return requireLiteral(`${stem}.${requireToken(id, path)}`, path);
}

function requireToken(text: string, path: string): string {
  if (!literalToken.test(text)) {
    throw illegalSubject(path, "must be one subject token: not empty, no dot, white space or wildcard");
  }
  return text;
}

import { Failure } from "../../../shared/contract/index.ts";
import type { ControlRequest } from "./control-types.ts";

function addressee(request: ControlRequest): string {
  return request.hostId ? `Host ${request.hostId}` : `No host of lattice ${request.lattice}`;
}

/** Nobody listens on the subject: the server said so, thus nothing was delivered (wasmcloud-control §1.7). */
export function noResponders(request: ControlRequest): Failure {
  const details = { delivered: false, subject: request.subject };
  if (request.hostId !== undefined) {
    return new Failure({
      code: "not_found",
      message: `No host with id ${request.hostId} answers in lattice ${request.lattice}.`,
      details,
      hint: "It may have stopped or belong to another lattice. Look at the list of hosts.",
    });
  }
  return new Failure({
    code: "unreachable",
    message: `No host at all answers in lattice ${request.lattice}.`,
    details,
    hint: "Check the lattice name and the topic prefix, and that a host is running.",
  });
}

const mayBeDone =
  "A command may have been carried out all the same. Read the present state before sending it again.";

/** What silence may mean besides: the server drops a reply above its limit without a word (wasmcloud-control trap 30). */
function silenceHint(maxPayload: number | undefined): string {
  const limit = maxPayload === undefined ? "" : `, ${maxPayload} bytes here`;
  return `It may be busy: try again. If that does not help, the reply may be larger than the NATS server lets through (max_payload${limit}).`;
}

/** No reply in time; whether a command was carried out is unknown. */
export function timedOut(request: ControlRequest, timeoutMs: number, maxPayload?: number): Failure {
  const verb = request.hostId ? "did not answer" : "answered";
  return new Failure({
    code: "timeout",
    message: `${addressee(request)} ${verb} within ${timeoutMs} ms.`,
    details: { subject: request.subject, timeoutMs },
    hint: request.query ? silenceHint(maxPayload) : mayBeDone,
  });
}

/** Something came back that cannot be read; whether a command was carried out is unknown. */
export function unreadableReply(request: ControlRequest, problem: string, upstream: string): Failure {
  return new Failure({
    code: "upstream_invalid",
    message: `${request.hostId ? `Host ${request.hostId}` : `Lattice ${request.lattice}`} sent an unreadable reply: ${problem}.`,
    details: { subject: request.subject },
    hint: request.query
      ? "Try again. If it stays so, something else than a wasmCloud host answers on this subject."
      : mayBeDone,
    ...(request.secretReply ? {} : { upstream }),
  });
}

/** The connection is down before anything was sent. */
export function notConnected(subject: string, cause?: unknown): Failure {
  return new Failure(
    {
      code: "unreachable",
      message: "The NATS connection is down; nothing was sent.",
      details: { delivered: false, subject },
      hint: "Wait until the connection is open again.",
    },
    { cause },
  );
}

/** The connection was lost after sending; whether a command arrived is unknown. */
export function connectionLost({ subject, query }: Pick<ControlRequest, "subject" | "query">): Failure {
  return new Failure({
    code: "unreachable",
    message: "The NATS connection was lost while waiting for a reply.",
    details: { subject },
    hint: query
      ? "Wait until the connection is open again, and read once more."
      : "The request may have arrived. Read the present state before sending it again.",
  });
}

/** The server's permissions do not allow to publish or to subscribe; only a refused publish is certain not to have arrived. */
export function notPermitted(operation: "publish" | "subscribe", subject: string): Failure {
  const details = operation === "publish" ? { delivered: false, subject } : { subject };
  return new Failure({
    code: "forbidden",
    message: `The NATS server does not allow this user to ${operation === "publish" ? "publish to" : "subscribe to"} ${subject}.`,
    details,
    hint: "Ask for the permission, or use other credentials.",
  });
}

/** The message is above the server's limit and was not sent (wasmcloud-control §5.12). */
export function tooLarge(subject: string, bytes: number, limit: number): Failure {
  const message = `is ${bytes} bytes long; this NATS server takes at most ${limit}`;
  return new Failure({
    code: "invalid_input",
    message: `The request ${message}.`,
    details: { delivered: false, subject, bytes, limit, fields: [{ path: "", message }] },
    hint: "Send less at once, or raise max_payload on the server.",
  });
}

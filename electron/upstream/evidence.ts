import { type Evidence, Failure, type Finding, type Verdict } from "../../shared/contract/index.ts";

/** The present time as evidence and rows write it. */
export function timestamp({ now }: { now(): number }): string {
  return new Date(now()).toISOString();
}

/** Evidence from a reading of the present state. */
export function readEvidence(at: string, summary: string, data: unknown): Evidence {
  return { at, kind: "inventory", summary, data: data ?? null };
}

/** A verdict whose evidence is what was read. */
export function readVerdict(
  kind: Verdict["verdict"],
  message: string,
  read: { at: string; data: unknown },
): Verdict {
  return { verdict: kind, message, evidence: readEvidence(read.at, message, read.data) };
}

/** A finding from an event; its payload becomes the evidence. */
export function eventFinding(
  kind: Finding["verdict"],
  message: string,
  { event, at }: { event: { raw: string }; at: string },
): Finding {
  return {
    verdict: kind,
    message,
    evidence: { at, kind: "event", summary: message, data: payloadOf(event.raw) },
  };
}

/** A reading that agrees is evidence like an event. That it does not agree proves nothing yet, and is said later. */
export function confirmedBy(read: Verdict | undefined): Finding | undefined {
  if (read?.verdict !== "verified") return undefined;
  return { verdict: "confirmed", message: read.message, evidence: read.evidence };
}

/** What keeps a command from being sent, because of what is already so. */
export function conflict(message: string, hint: string, details: Record<string, unknown> = {}): Failure {
  return new Failure({ code: "conflict", message, hint, details: { ...details, delivered: false } });
}

function payloadOf(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

import {
  type Acknowledgement,
  asFailure,
  type Evidence,
  Failure,
  type Finding,
  type Verdict,
  type WireRequest,
} from "../../shared/contract/index.ts";
import type { SessionDoor } from "../connections/session-door.ts";
import type { FlowfabricClient } from "./client.ts";
import type { HttpRequest } from "./http-exchange.ts";
import { answerDetails } from "./http-failure.ts";
import type { FlowfabricSession } from "./session.ts";

export interface FlowfabricCommandParts {
  /** Throws where the connection is not open, or leads elsewhere. */
  session(connectionId: string): FlowfabricSession;
  /** The way to the session of the moment. */
  door(connectionId: string): SessionDoor<FlowfabricSession>;
  now(): number;
  /** Milliseconds between looks at an execution whose grant waits to be used. */
  lookEveryMs: number;
}

export function moment({ now }: { now(): number }): string {
  return new Date(now()).toISOString();
}

/** A request as it is sent, for the activity's record. */
export function describeRequest(client: FlowfabricClient, request: HttpRequest): WireRequest {
  return {
    protocol: "http",
    method: request.method,
    address: client.exchange.address(request),
    ...(request.body !== undefined && { payload: request.body }),
  };
}

/** The server's word: what it refuses is an answer, what it cannot say is thrown. */
export async function answerOf<T>(
  call: Promise<T>,
  read: (reply: T) => Acknowledgement,
): Promise<Acknowledgement> {
  try {
    return read(await call);
  } catch (error) {
    const failure = asFailure(error);
    const details = answerDetails(failure);
    if (!details?.refused) throw failure;
    return {
      accepted: false,
      message: [failure.message, failure.hint].filter(Boolean).join(" "),
      reply: { ...details, upstream: failure.upstream },
    };
  }
}

/** Something that has to be read first: where it fails, the command itself has certainly not been sent. */
export async function readFirst<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const data = asFailure(error).toData();
    throw new Failure({ ...data, details: { ...data.details, delivered: false } });
  }
}

export function readEvidence(at: string, summary: string, data: unknown): Evidence {
  return { at, kind: "inventory", summary, data: data ?? null };
}

export function verdict(
  kind: Verdict["verdict"],
  message: string,
  from: { at: string; data: unknown },
): Verdict {
  return { verdict: kind, message, evidence: readEvidence(from.at, message, from.data) };
}

/** Looks again and again until there is something to tell; returns what ends it. */
export function lookRepeatedly(
  everyMs: number,
  look: () => Promise<Finding | undefined>,
  report: (finding: Finding) => void,
): () => void {
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    timer = setTimeout(() => {
      void look()
        .catch(() => undefined)
        .then((finding) => {
          if (ended) return;
          if (finding) report(finding);
          else next();
        });
    }, everyMs);
  };
  next();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

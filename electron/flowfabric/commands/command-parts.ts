import {
  type Acknowledgement,
  asFailure,
  Failure,
  type Finding,
  type Verdict,
  type WireRequest,
} from "../../../shared/contract/index.ts";
import type { CommandPartsOf, CommandPlan } from "../../connections/session-door.ts";
import { confirmedBy } from "../../upstream/evidence.ts";
import type { FlowfabricClient } from "../client/client.ts";
import { answerDetails } from "../client/http-failure.ts";
import type { ServerRequest } from "../client/requests.ts";
import type { FlowfabricSession } from "../session/session.ts";

export interface CommandWaits {
  /** Between readings of what no answer tells, in milliseconds. */
  lookEveryMs: number;
}

export const defaultWaits: CommandWaits = { lookEveryMs: 1_000 };

/** What every command of a server is built from. */
export interface CommandParts extends CommandPartsOf<FlowfabricSession> {
  waits: CommandWaits;
}

/** A request as it is sent, for the activity's record. */
export function describeRequest(client: FlowfabricClient, request: ServerRequest): WireRequest {
  return {
    protocol: "http",
    method: request.method,
    address: client.address(request),
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

/** An outcome that no answer tells is read for so long, in milliseconds; a backend that hung wakes up meanwhile, or has to be looked at. */
const readBackMs = 30_000;

/**
 * The present state decides where no answer does: a backend that hung carries out what it received when it wakes up, long
 * after the server has answered (flowfabric-admin §1.5). It is read until it agrees, and once more when the time is over.
 */
export function readBack(
  parts: CommandParts,
  verify: (session: FlowfabricSession) => Promise<Verdict>,
): Required<Pick<CommandPlan<FlowfabricSession>, "evidence" | "verify">> {
  return {
    evidence: {
      waitMs: readBackMs,
      verifyWhenOver: true,
      watch: (session, report, scope) =>
        scope.onEnd(
          lookRepeatedly(parts.waits.lookEveryMs, async () => confirmedBy(await verify(session)), report),
        ),
    },
    verify,
  };
}

const slowestLook = 8;

/** Looks again and again until there is something to tell, less often where nothing can be read; returns what ends it. */
export function lookRepeatedly(
  everyMs: number,
  look: () => Promise<Finding | undefined>,
  report: (finding: Finding) => void,
): () => void {
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  let waits = 1;
  const next = (): void => {
    timer = setTimeout(() => {
      void look()
        .then(
          (finding) => {
            waits = 1;
            return finding;
          },
          () => {
            waits = Math.min(waits * 2, slowestLook);
            return undefined;
          },
        )
        .then((finding) => {
          if (ended) return;
          if (finding) report(finding);
          else next();
        });
    }, everyMs * waits);
  };
  next();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

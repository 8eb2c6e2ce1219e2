import {
  type Acknowledgement,
  asFailure,
  type CommandExecution,
  Failure,
  type Finding,
  type Verdict,
} from "../../shared/contract/index.ts";
import type { Scope } from "./scope.ts";

/** The way to the session of the moment; whoever keeps a door never holds a session that has ended. */
export interface SessionDoor<Session> {
  /** Throws a Failure while the connection is not open, or leads elsewhere by now. */
  get(): Session;
  /** Calls back with the session now and at each reopening; returns what ends it. */
  follow(use: (session: Session, scope: Scope) => void): () => void;
}

/** What every command of a system is built from; `Place` says where it leads: to a connection by its id, or to one thing on it. */
export interface CommandPartsOf<Session, Place = string> {
  /** The session of the moment. Throws a Failure while the connection is not open, or leads to another system. */
  session(place: Place): Session;
  door(place: Place): SessionDoor<Session>;
  now(): number;
}

/** One command of a connection; each part gets the session of the moment in which it runs. */
export interface CommandPlan<Session> {
  target: CommandExecution["target"];
  request: CommandExecution["request"];
  send(session: Session): Promise<Acknowledgement>;
  evidence?: {
    waitMs: number;
    verifyWhenOver?: boolean;
    /** Looks for findings on each session of the connection; what it makes is registered with the scope. */
    watch(session: Session, report: (finding: Finding) => void, scope: Scope): void;
  };
  verify?(session: Session): Promise<Verdict>;
}

/** The command made ready: it keeps the door, never a session. */
export function commandThrough<Session>(
  door: SessionDoor<Session>,
  { target, request, send, evidence, verify }: CommandPlan<Session>,
): CommandExecution {
  return {
    target,
    request,
    send: async () => send(undelivered(() => door.get())),
    ...(evidence && {
      evidence: {
        waitMs: evidence.waitMs,
        ...(evidence.verifyWhenOver && { verifyWhenOver: true }),
        watch: (report) => door.follow((session, scope) => evidence.watch(session, report, scope)),
      },
    }),
    ...(verify && { verify: async () => verify(door.get()) }),
  };
}

/** Without a session nothing was sent. */
function undelivered<Session>(get: () => Session): Session {
  try {
    return get();
  } catch (error) {
    const failure = asFailure(error);
    const details = { ...failure.details, delivered: false };
    throw new Failure({ ...failure.toData(), details }, { cause: failure.cause });
  }
}

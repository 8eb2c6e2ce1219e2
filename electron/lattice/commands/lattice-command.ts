import type { Acknowledgement, CommandExecution, Finding, Verdict } from "../../../shared/contract/index.ts";
import type { Scope } from "../../connections/scope.ts";
import { commandThrough } from "../../connections/session-door.ts";
import { confirmedBy } from "../../upstream/evidence.ts";
import type { KnownEvent } from "../events/event-types.ts";
import type { LatticeSession } from "../session/lattice-session.ts";
import type { CommandParts, Place } from "./command-parts.ts";

/** What a reading at a certain time says. */
export type Look = (lattice: LatticeSession) => Promise<Finding | undefined>;

/** How evidence of a command is looked for. */
export interface EvidenceSources {
  waitMs: number;
  verifyWhenOver?: boolean | undefined;
  find(event: KnownEvent): Finding | undefined;
  /** Events that are no evidence themselves, and after which a reading may be; `verify` where none of its own is given. */
  readAfter?(event: KnownEvent): boolean | Look;
  /** Where no event may come: read so long after the far side answered, or did not; `verify` unless told otherwise. */
  looks?: readonly { afterMs: number; look?: Look }[] | false | undefined;
}

/** One command of a lattice; see `CommandPlan`. */
export interface LatticeCommand {
  target: CommandExecution["target"];
  request: CommandExecution["request"];
  send(lattice: LatticeSession): Promise<Acknowledgement>;
  evidence?: EvidenceSources;
  verify?(lattice: LatticeSession): Promise<Verdict>;
}

/** Makes a command ready; its evidence are the lattice's events and readings, on whichever connection to it stands at the time. */
export function latticeCommand(
  parts: CommandParts,
  place: Place,
  { evidence, ...command }: LatticeCommand,
): CommandExecution {
  let noteAnswer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    noteAnswer = resolve;
  });
  return commandThrough(parts.door(place), {
    ...command,
    send: (lattice) => command.send(lattice).finally(noteAnswer),
    ...(evidence && {
      evidence: {
        waitMs: evidence.waitMs,
        ...(evidence.verifyWhenOver && { verifyWhenOver: true }),
        watch: (lattice, report, scope) => {
          const look = new Looking(lattice, report, scope);
          const asWanted: Look = async (read) => confirmedBy(await command.verify?.(read));
          scope.onEnd(
            lattice.onEvent((event) => {
              if (event.kind !== "known") return;
              const finding = evidence.find(event);
              if (finding) {
                report(finding);
                return;
              }
              const reading = evidence.readAfter?.(event);
              if (reading) look.now(reading === true ? asWanted : reading);
            }),
          );
          // Its event may have come while the connection was away.
          scope.onEnd(lattice.onRead(() => look.now(asWanted)));
          void answered.then(() => {
            for (const each of evidence.looks || []) look.after(each.afterMs, each.look ?? asWanted);
          });
        },
      },
    }),
  });
}

/** Readings that may be evidence; one that fails, or comes when nobody watches any more, is none. */
class Looking {
  constructor(
    private readonly lattice: LatticeSession,
    private readonly report: (finding: Finding) => void,
    private readonly scope: Scope,
  ) {}

  now(look: Look): void {
    if (this.scope.isOver) return;
    void look(this.lattice)
      .then((finding) => {
        if (finding && !this.scope.isOver) this.report(finding);
      })
      .catch(() => undefined);
  }

  after(ms: number, look: Look): void {
    if (this.scope.isOver) return;
    const timer = setTimeout(() => this.now(look), ms);
    this.scope.onEnd(() => clearTimeout(timer));
  }
}

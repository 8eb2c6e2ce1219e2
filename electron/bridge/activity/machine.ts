import { ask, follow, nothingToFollow, nothingToSettle, preparedAgain, unpreparedAgain } from "./asking.ts";
import { elapsed, keep, retry, weigh } from "./evidence.ts";
import { stay } from "./moves.ts";
import { judge } from "./readings.ts";
import { begin, begun, leave, left, notBegun, notSent, onAnswer, onNoAnswer } from "./sending.ts";
import { type Input, type Phase, phases, type Step, type Tracked } from "./tracked.ts";

/*
 *                  | new      recorded leaving sent          acknowledged unknown    confirmed  verified, failed, refused
 * -----------------+-----------------------------------------------------------------------------------------------------
 * begin            | write
 * written          | recorded          sent
 * unwritten        | forgotten         failed
 * prepared         |          leaving
 * unprepared       |          failed
 * unwatched        |                   failed                             answer
 * answered         |                           acknowledged,
 *                  |                           then as (1),
 *                  |                           refused
 * unanswered       |                           unknown,
 *                  |                           failed (2)
 * found            |                   kept    kept          confirmed,   confirmed,
 *                  |                                         failed,      failed,
 *                  |                                         unknown      note
 * elapsed          |                                         read,        read,      read
 *                  |                                         unknown      listen, end
 * read             |                                         verified,    verified,  verified,
 *                  |                                         failed (3),  failed (3) failed (4)
 *                  |                                         unknown (5), note,      note,
 *                  |                                         note         again (6)  again (6)
 * reconcile        | conflict conflict conflict conflict     read         read       read       conflict
 * resume           | answer   answer   answer   answer       answer       watch      read       answer
 * prepared-again   |                                         read         read,      read
 *                  |                                                      watch
 * unprepared-again |                                         answer       answer     answer
 *
 * (1) confirmed where the reply is the proof, or evidence came before it; a reading where it is `over`
 * (2) where nobody received it
 * (3) by the far side's own word, or by a reading that was begun when the waiting time was over
 * (4) by the far side's own word alone; a reading that merely differs is a note
 * (5) where the reading was to decide, and does not
 * (6) after a pause, where the console's own reading brought nothing
 * An empty cell is no step at all: neither a move nor an effect.
 */
type Table = {
  [Kind in Input["kind"]]: Partial<
    Record<Phase, (before: Tracked, input: Extract<Input, { kind: Kind }>, now: number) => Step>
  >;
};

/** The same in every phase. */
function inEach<T>(transition: T): Record<Phase, T> {
  return Object.fromEntries(phases.map((phase) => [phase, transition])) as Record<Phase, T>;
}

const table: Table = {
  begin: { new: begin },
  written: { new: begun, leaving: left },
  unwritten: { new: notBegun, leaving: notSent },
  prepared: { recorded: leave },
  unprepared: { recorded: notSent },
  unwatched: {
    leaving: notSent,
    unknown: (before, input) => unpreparedAgain(before, { ...input, course: "own" }),
  },
  answered: { sent: onAnswer },
  unanswered: { sent: onNoAnswer },
  found: { leaving: keep, sent: keep, acknowledged: weigh, unknown: weigh },
  elapsed: { acknowledged: elapsed, unknown: elapsed, confirmed: retry },
  read: { acknowledged: judge, unknown: judge, confirmed: judge },
  reconcile: { ...inEach(nothingToSettle), acknowledged: ask, unknown: ask, confirmed: ask },
  resume: { ...inEach(nothingToFollow), unknown: follow, confirmed: follow },
  "prepared-again": { acknowledged: preparedAgain, unknown: preparedAgain, confirmed: preparedAgain },
  "unprepared-again": { acknowledged: unpreparedAgain, unknown: unpreparedAgain, confirmed: unpreparedAgain },
};

/** What an input makes of an activity, and what is to be done about it. Pure, and total: what does not belong changes nothing. */
export function step(before: Tracked, input: Input, now: number): Step {
  // The row and the input have the same kind; the compiler cannot see that of a union.
  const row = table[input.kind] as Partial<
    Record<Phase, (before: Tracked, input: Input, now: number) => Step>
  >;
  return row[before.phase]?.(before, input, now) ?? stay(before);
}

import type { Verdict } from "../../../shared/contract/index.ts";
import { listen } from "./evidence.ts";
import { changedSince, mayBeUnderWay } from "./messages.ts";
import { and, answer, move, note, stay } from "./moves.ts";
import { type Input, type Reading, type Step, type Tracked, waitLeft } from "./tracked.ts";

type Read = Extract<Input, { kind: "read" }>;

/** One answer that is missing settles nothing: so often a reading is tried again, and on until the waiting time is over. */
const fewestRetries = 3;
const firstPauseMs = 1_000;
const longestPauseMs = 8_000;

/** What a reading says. One that something newer has overtaken says nothing. */
export function judge(before: Tracked, { course, number, verdict, unread }: Read, now: number): Step {
  const reading = before.work[course];
  if (reading === undefined || reading === "preparing" || reading.number !== number) return stay(before);
  const rested: Tracked = { ...before, work: { ...before.work, [course]: undefined } };
  const again = unread === true && course === "own" && mayRetry(before, reading, now);
  if (again && before.phase !== "acknowledged") return stay(pause(rested, reading), answer("resume"));
  const judged =
    before.phase === "confirmed"
      ? judgeConfirmed(rested, { reading, verdict, now })
      : judgeOpen(rested, { reading, verdict, now, decides: course === "own" });
  return and(judged, (after) =>
    stay(again ? pause(after, reading) : after, answer(course === "own" ? "resume" : "reconcile")),
  );
}

function mayRetry(before: Tracked, { retries }: Reading, now: number): boolean {
  return retries < fewestRetries || waitLeft(before, now) > 0;
}

function pause(before: Tracked, { retries }: Reading): Tracked {
  const ms = Math.min(firstPauseMs * 2 ** retries, longestPauseMs);
  return { ...before, timer: { ms, ends: "pause", retries: retries + 1 } };
}

interface Judgement {
  reading: Reading;
  verdict: Verdict;
  now: number;
}

function judgeOpen(before: Tracked, judgement: Judgement & { decides: boolean }): Step {
  const { reading, verdict, now, decides } = judgement;
  const patch = { message: verdict.message, evidence: [verdict.evidence] };
  if (verdict.verdict === "verified") return move(before, "verified", { now, patch });
  if (verdict.verdict === "failed") {
    const isOver = reading.conclusive && !verdict.mayStillCome;
    if (verdict.proof || isOver) return move(before, "failed", { now, patch });
    if (!reading.conclusive) patch.message = mayBeUnderWay(verdict.evidence.summary, waitLeft(before, now));
  }
  const unsettled =
    decides && before.phase === "acknowledged"
      ? move(before, "unknown", { now, patch })
      : note(before, now, patch);
  return decides ? and(unsettled, (after) => stay(listen(after))) : unsettled;
}

/** What evidence has confirmed happened; that it is no longer so revokes nothing. */
function judgeConfirmed(before: Tracked, { reading, verdict, now }: Judgement): Step {
  const patch = { message: verdict.message, evidence: [verdict.evidence] };
  if (verdict.verdict === "verified") return move(before, "verified", { now, patch });
  // It was begun before the evidence came, and may be older.
  if (reading.startedIn !== "confirmed") return stay(before);
  if (verdict.verdict === "failed") {
    if (verdict.proof) return move(before, "failed", { now, patch, proof: true });
    patch.message = changedSince(verdict.message);
  }
  return note(before, now, patch);
}

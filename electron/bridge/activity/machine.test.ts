import { describe, expect, it } from "vitest";
import { Failure, type Finding, isSettled, mayMove, type Verdict } from "../../../shared/contract/index.ts";
import { step } from "./machine.ts";
import { begin } from "./steps.ts";
import { intent } from "./testing/scenario.ts";
import {
  type Course,
  type Input,
  isAtRest,
  type Phase,
  type Plan,
  phases,
  type Reading,
  type Tracked,
  tracked,
} from "./tracked.ts";

const now = Date.parse("2026-01-01T00:00:10Z");
const at = new Date(now - 5_000).toISOString();
const evidence = { at, kind: "note" as const, summary: "seen" };
const failure = new Failure({ code: "timeout", message: "no answer" });
const plan: Plan = {
  target: { kind: "component", id: "cart", label: "cart" },
  request: { protocol: "nats", address: "scale" },
  waitMs: 10_000,
  decidesByReading: false,
  readable: true,
};

/** An activity in a phase, in each condition that it can be in there. */
function conditions(phase: Phase): Tracked[] {
  const steps = (["recorded", "sent", "acknowledged"] as const).map((state) => ({ state, at }));
  const state = phase === "new" || phase === "leaving" ? "recorded" : phase;
  const activity = { ...begin("id", intent, now - 6_000), state, steps };
  const bare = tracked(phase, activity, 600_000);
  const reading: Reading = { number: 1, conclusive: true, retries: 0, startedIn: phase };
  const followed: Tracked = { ...bare, plans: { own: plan }, watching: true, lastReading: 1 };
  if (isSettled(state)) return [bare];
  return [
    bare,
    { ...bare, calling: true, pending: activity },
    { ...followed, timer: { ms: 1, ends: "waiting" } },
    { ...followed, timer: { ms: 1, ends: "waiting" }, plans: { own: { ...plan, decidesByReading: true } } },
    { ...followed, timer: { ms: 1, ends: "listening" }, doubted: true },
    { ...followed, timer: { ms: 1, ends: "pause", retries: 1 } },
    { ...followed, work: { own: reading } },
    { ...followed, work: { own: { ...reading, conclusive: false } } },
    { ...followed, work: { own: { ...reading, startedIn: "acknowledged" } } },
    { ...followed, work: { asked: reading }, plans: { own: { ...plan, readable: false } } },
    { ...bare, work: { own: "preparing", asked: "preparing" } },
  ];
}

const findings = (["confirmed", "failed", "unknown"] as const).map(
  (verdict): Finding => ({ verdict, message: verdict, evidence }),
);
const verdicts: Verdict[] = [
  { verdict: "verified", message: "", evidence },
  { verdict: "failed", message: "", evidence },
  { verdict: "failed", proof: true, message: "", evidence },
  { verdict: "unknown", message: "", evidence },
];
const accepted = { accepted: true, message: "", reply: null } as const;
const undelivered = new Failure({ code: "not_found", message: "nobody", details: { delivered: false } });
const courses: Course[] = ["own", "asked"];

const inputs: Input[] = [
  { kind: "begin" },
  { kind: "written" },
  { kind: "unwritten", failure },
  { kind: "prepared", plan },
  { kind: "unprepared", failure },
  { kind: "unwatched", failure },
  ...[
    accepted,
    { ...accepted, done: true },
    { ...accepted, over: true },
    { ...accepted, accepted: false as const },
  ].map((answer): Input => ({ kind: "answered", answer })),
  { kind: "unanswered", failure },
  { kind: "unanswered", failure: undelivered },
  ...findings.map((finding): Input => ({ kind: "found", finding })),
  { kind: "elapsed" },
  { kind: "reconcile" },
  { kind: "resume" },
  ...courses.flatMap((course): Input[] => [
    { kind: "prepared-again", course, plan },
    { kind: "prepared-again", course, plan: { ...plan, readable: false } },
    { kind: "unprepared-again", course, failure },
    ...verdicts.map((verdict): Input => ({ kind: "read", course, number: 1, verdict })),
  ]),
];

describe.each(phases)("an activity that is %s", (phase) => {
  const named = inputs.map((input) => [JSON.stringify(input).slice(0, 90), input] as const);

  it.each(named)("takes %s", (_name, input) => {
    for (const before of conditions(phase)) {
      const { tracked: after, effects } = step(before, input, now);
      expectLegalMoves(before, after);
      if (isSettled(before.activity.state)) expect(after).toEqual(before);
      if (isSettled(after.activity.state)) expect(isAtRest(after)).toBe(true);
      const sends = effects.filter(({ kind }) => kind === "send");
      expect(sends).toHaveLength(phase === "leaving" && input.kind === "written" ? 1 : 0);
      expect(step(before, input, now)).toEqual({ tracked: after, effects });
    }
  });
});

function expectLegalMoves(before: Tracked, after: Tracked): void {
  let { state } = before.activity;
  for (const next of after.activity.steps.slice(before.activity.steps.length)) {
    expect(mayMove(state, next.state, { proof: true }), `${state} -> ${next.state}`).toBe(true);
    state = next.state;
  }
  expect(after.activity.state).toBe(state);
}

it("whoever asks for what is settled or not even sent is told so", () => {
  for (const phase of ["recorded", "sent", "verified", "failed", "refused"] as const)
    for (const before of conditions(phase)) {
      const [effect] = step(before, { kind: "reconcile" }, now).effects;
      expect(effect).toMatchObject({ kind: "answer", failure: { code: "conflict" } });
    }
});

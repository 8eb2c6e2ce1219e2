import { randomBytes } from "node:crypto";
import {
  type Activity,
  type ActivityRecord,
  type ActivityState,
  asFailure,
  type CallContext,
  type CommandExecution,
  Failure,
  type Finding,
  isInFlight,
  mayMove,
  type TopicSource,
  type Verdict,
} from "../../shared/contract/index.ts";
import { advance, annotate, begin, type Intent } from "./activity-steps.ts";
import {
  isOpen,
  nothingToRead,
  notTooSoon,
  overdueMessage,
  refusal,
  replyEvidence,
  unreadable,
  withActivity,
} from "./activity-words.ts";

/** Where activities are written; `append` returns when the record is on disk and throws when it is not. */
export interface ActivityJournal {
  append(activity: Activity): ActivityRecord;
  get(id: string): Activity | undefined;
  unsettled(): Activity[];
  newest(limit: number): Activity[];
}

export interface ActivityEngineParts {
  journal: ActivityJournal;
  now(): number;
  /** Prepares a recorded command again (after a restart nothing of the first run is left). */
  prepareAgain(activity: Activity, context: CallContext): Promise<CommandExecution>;
  /** Hears that a step after the sending could not be written; the activity goes on in memory. */
  onJournalError(error: unknown): void;
  /** Milliseconds that evidence is still looked for after an outcome was called unknown. */
  lateEvidenceMs?: number;
}

type Listener = (upsert: readonly Activity[], remove: readonly string[]) => void;

interface Live {
  activity: Activity;
  execution?: CommandExecution;
  endWatch?: () => void;
  timer?: NodeJS.Timeout;
  early: Finding[];
}

const reader: CallContext = { transport: "ipc", actor: "console", scope: "change", reconciling: true };

/** Carries each command from the written intent to an answer to "did it happen?". */
export class ActivityEngine implements TopicSource<Activity> {
  private readonly live = new Map<string, Live>();
  private readonly listeners = new Set<Listener>();

  constructor(private readonly parts: ActivityEngineParts) {}

  /** Records, sends and answers with the acknowledged activity; evidence moves it on afterwards. Throws what the far side refused. */
  async run(intent: Intent, prepare: () => Promise<CommandExecution>): Promise<Activity> {
    const live: Live = {
      activity: begin(newActivityId(this.parts.now()), intent, this.parts.now()),
      early: [],
    };
    this.write(live, live.activity);
    this.live.set(live.activity.id, live);
    try {
      live.execution = await prepare();
      this.write(live, annotate(live.activity, this.parts.now(), { target: live.execution.target }));
    } catch (error) {
      throw this.end(live, "failed", asFailure(error), "Not sent: ");
    }
    return this.send(live, live.execution);
  }

  /** Reads the present state again and settles what is unknown or only confirmed. Throws `conflict` for anything else. */
  async reconcile(id: string): Promise<Activity> {
    const activity = this.live.get(id)?.activity ?? this.parts.journal.get(id);
    if (!activity) throw new Failure({ code: "not_found", message: `There is no activity ${id}.` });
    if (!mayMove(activity.state, "verified")) {
      throw new Failure({
        code: "conflict",
        message: `This activity is ${activity.state}; there is nothing to settle.`,
      });
    }
    const live: Live = this.live.get(id) ?? { activity, early: [] };
    const execution =
      live.execution ?? (await this.parts.prepareAgain(activity, { ...reader, earlier: activity }));
    if (!execution.verify) throw nothingToRead();
    live.execution = execution;
    this.live.set(id, live);
    await this.verify(live, execution);
    return live.activity;
  }

  /** Follows what an earlier run left unknown or only confirmed to its end; nothing is sent, and what is followed already is left alone. */
  async resume(id: string): Promise<void> {
    const activity = this.parts.journal.get(id);
    if (!activity || this.live.has(id) || isInFlight(activity.state)) return;
    if (!mayMove(activity.state, "verified")) return;
    const context = { ...reader, earlier: activity, resuming: true };
    const execution = await this.parts.prepareAgain(activity, context);
    // Somebody may have settled it meanwhile.
    if (this.live.has(id) || this.parts.journal.get(id)?.updatedAt !== activity.updatedAt) return;
    const live: Live = { activity, execution, early: [] };
    this.live.set(id, live);
    if (activity.state === "confirmed") return this.verify(live, execution);
    this.watch(live, execution);
    this.listenLonger(live);
  }

  /** Turns what an earlier run left in flight into `unknown`: it may or may not have happened. */
  recover(): number {
    const left = this.parts.journal.unsettled().filter((activity) => isInFlight(activity.state));
    for (const activity of left) {
      const neverSent = activity.state === "recorded";
      this.write(
        { activity, early: [] },
        advance(activity, neverSent ? "failed" : "unknown", this.parts.now(), {
          message: neverSent
            ? "The console stopped before this was sent."
            : "The console stopped before the outcome was seen: it may have happened. Reconcile to find out.",
        }),
      );
    }
    return left.length;
  }

  snapshot(): Activity[] {
    return this.parts.journal.newest(500);
  }

  follow(_address: unknown, onChange: Listener): () => void {
    this.listeners.add(onChange);
    return () => this.listeners.delete(onChange);
  }

  /** Ends all waiting; what is in flight stays recorded as it is. */
  close(): void {
    for (const live of this.live.values()) this.release(live);
    this.listeners.clear();
  }

  private async send(live: Live, execution: CommandExecution): Promise<Activity> {
    this.watch(live, execution);
    this.move(live, "sent", { message: "Sent; no answer yet.", request: execution.request });
    try {
      const answer = await execution.send();
      const reply = replyEvidence(this.parts.now(), answer.message, answer.reply);
      if (!answer.accepted) {
        throw this.end(live, "refused", refusal(answer.message), "", {
          reply: answer.reply,
          evidence: [reply],
        });
      }
      const message = answer.message || "Accepted; waiting for evidence that it happened.";
      this.move(live, "acknowledged", { message, reply: answer.reply, evidence: [reply] });
      this.afterAcknowledgement(live, execution, answer.done === true);
      return live.activity;
    } catch (error) {
      if (live.activity.state === "refused") throw error;
      throw this.notAnswered(live, asFailure(error));
    }
  }

  private afterAcknowledgement(live: Live, execution: CommandExecution, done: boolean): void {
    if (done) {
      // Where nothing is read afterwards, the reply's own words are all that will ever be known.
      const { message } = live.activity;
      this.move(live, "confirmed", { message: execution.verify ? "Done when the reply came." : message });
      void this.verify(live, execution).finally(() => this.forget(live));
      return;
    }
    this.waitForEvidence(live, execution);
    this.takeEarlyFindings(live);
  }

  private watch(live: Live, execution: CommandExecution): void {
    live.endWatch = execution.evidence?.watch((finding) => {
      live.early.push(finding);
      if (live.activity.state === "acknowledged" || live.activity.state === "unknown")
        this.takeEarlyFindings(live);
    });
  }

  private takeEarlyFindings(live: Live): void {
    const finding = live.early.shift();
    if (!finding || !live.execution || !mayMove(live.activity.state, finding.verdict)) return;
    this.move(live, finding.verdict, { message: finding.message, evidence: [finding.evidence] });
    if (finding.verdict === "confirmed" && live.execution.verify) {
      this.release(live);
      void this.verify(live, live.execution);
    } else this.forget(live);
  }

  private async verify(live: Live, execution: CommandExecution): Promise<void> {
    if (!execution.verify) return;
    const before = live.activity.state;
    const read = await execution.verify().catch((error): Verdict => unreadable(this.parts.now(), error));
    const verdict = notTooSoon(read, execution, { activity: live.activity, now: this.parts.now() });
    // An event overtook the reading, and has asked for a new one.
    if (live.activity.state !== before) return;
    if (verdict.verdict !== "unknown" && mayMove(live.activity.state, verdict.verdict)) {
      this.move(live, verdict.verdict, { message: verdict.message, evidence: [verdict.evidence] });
      this.forget(live);
    } else {
      const patch = { message: verdict.message, evidence: [verdict.evidence] };
      this.write(live, annotate(live.activity, this.parts.now(), patch));
      if (!live.endWatch) this.forget(live);
    }
  }

  private waitForEvidence(live: Live, execution: CommandExecution): void {
    const waitMs = execution.evidence?.waitMs ?? 0;
    live.timer = setTimeout(() => void this.overdue(live, execution), waitMs);
  }

  private async overdue(live: Live, execution: CommandExecution): Promise<void> {
    if (execution.evidence?.verifyWhenOver) {
      await this.verify(live, execution);
      if (!isOpen(live.activity.state)) return;
    }
    if (mayMove(live.activity.state, "unknown"))
      this.move(live, "unknown", { message: overdueMessage(execution, live.activity) });
    this.listenLonger(live);
  }

  private notAnswered(live: Live, failure: Failure): Failure {
    if (failure.details?.delivered === false) return this.end(live, "failed", failure, "");
    this.move(live, "unknown", {
      message: `${failure.message} It may have been received: reconcile to read the present state.`,
    });
    if (live.execution?.evidence?.verifyWhenOver) this.waitForEvidence(live, live.execution);
    else this.listenLonger(live);
    this.takeEarlyFindings(live);
    return withActivity(failure, live.activity, "Reconcile the activity to find out whether it happened.");
  }

  private listenLonger(live: Live): void {
    live.timer = setTimeout(() => this.forget(live), this.parts.lateEvidenceMs ?? 10 * 60_000);
    live.timer.unref();
  }

  private end(
    live: Live,
    state: "failed" | "refused",
    failure: Failure,
    prefix: string,
    patch: Partial<Activity> = {},
  ): Failure {
    this.move(live, state, { message: `${prefix}${failure.message}`, ...patch });
    this.forget(live);
    return withActivity(failure, live.activity, failure.hint);
  }

  private move(live: Live, state: ActivityState, patch: Partial<Activity>): void {
    clearTimeout(live.timer);
    this.write(live, advance(live.activity, state, this.parts.now(), patch));
  }

  private write(live: Live, next: Activity): void {
    try {
      this.parts.journal.append(next);
    } catch (error) {
      // Before it is sent, "not recorded" means "not done". Afterwards the outcome must not be lost with the disk.
      if (live.activity.state === "recorded" && next.state !== "failed") throw error;
      this.parts.onJournalError(error);
    }
    live.activity = next;
    for (const listener of this.listeners) listener([next], []);
  }

  private forget(live: Live): void {
    this.release(live);
    this.live.delete(live.activity.id);
  }

  private release(live: Live): void {
    clearTimeout(live.timer);
    live.endWatch?.();
    live.endWatch = undefined;
  }
}

let counter = 0;

/** Ids sort by time, also within one millisecond. */
function newActivityId(now: number): string {
  counter = (counter + 1) % 46_656;
  return `${now.toString(36).padStart(9, "0")}${counter.toString(36).padStart(3, "0")}${randomBytes(4).toString("hex")}`;
}

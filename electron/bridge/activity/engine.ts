import { randomBytes } from "node:crypto";
import {
  type Activity,
  type CallContext,
  type Clock,
  type CommandExecution,
  Failure,
  isInFlight,
  type TopicSource,
} from "../../../shared/contract/index.ts";
import { Emitter } from "../../upstream/emitter.ts";
import { JournalQueue, type JournalQueueParts } from "./journal-queue.ts";
import { Mailbox } from "./mailbox.ts";
import { advance, begin, type Intent } from "./steps.ts";
import { type Course, isFollowed, type Tracked, tracked } from "./tracked.ts";

let counter = 0;

/** Ids sort by time, also within one millisecond. */
function newActivityId(now: number): string {
  counter = (counter + 1) % 46_656;
  return `${now.toString(36).padStart(9, "0")}${counter.toString(36).padStart(3, "0")}${randomBytes(4).toString("hex")}`;
}

export interface ActivityEngineParts extends JournalQueueParts {
  clock: Clock;
  /** Prepares a recorded command again (after a restart nothing of the first run is left). */
  prepareAgain(activity: Activity, context: CallContext): Promise<CommandExecution>;
  /** Milliseconds that evidence is still looked for after an outcome was called unknown. */
  lateEvidenceMs?: number;
}

type Listener = (upsert: readonly Activity[], remove: readonly string[]) => void;

const reader: CallContext = { transport: "ipc", actor: "console", scope: "change", reconciling: true };

/** Carries each command from the written intent to an answer to "did it happen?". */
export class ActivityEngine implements TopicSource<Activity> {
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #changes = new Emitter<Parameters<Listener>>();
  readonly #journal: JournalQueue;

  constructor(private readonly parts: ActivityEngineParts) {
    this.#journal = new JournalQueue(parts);
  }

  /** Records, sends and answers with the acknowledged activity; evidence moves it on afterwards. Throws what the far side refused. */
  async run(intent: Intent, prepare: () => Promise<CommandExecution>): Promise<Activity> {
    const now = this.parts.clock.now();
    const activity = begin(newActivityId(now), intent, now);
    return this.#open(this.#tracked("new", activity), prepare).ask("run", { kind: "begin" });
  }

  /** Reads the present state again and settles what is unknown or only confirmed. Throws `conflict` for anything else. */
  async reconcile(id: string): Promise<Activity> {
    const mailbox = this.#mailbox(id);
    if (!mailbox) throw new Failure({ code: "not_found", message: `There is no activity ${id}.` });
    return mailbox.ask("reconcile", { kind: "reconcile" });
  }

  /** Follows what an earlier run left unknown or only confirmed to its end; nothing is sent, and what is followed already is left alone. */
  async resume(id: string): Promise<void> {
    const mailbox = this.#mailbox(id);
    if (mailbox && !isFollowed(mailbox.tracked)) await mailbox.ask("resume", { kind: "resume" });
  }

  /** Turns what an earlier run left in flight into `unknown`: it may or may not have happened. */
  recover(): number {
    const now = this.parts.clock.now();
    const left = this.#journal.unsettled().filter((activity) => isInFlight(activity.state));
    for (const activity of left) {
      const neverSent = activity.state === "recorded";
      const message = neverSent
        ? "The console stopped before this was sent."
        : "The console stopped before the outcome was seen: it may have happened. Reconcile to find out.";
      this.#append(advance(activity, neverSent ? "failed" : "unknown", { now, patch: { message } }));
    }
    return left.length;
  }

  snapshot(): Activity[] {
    return this.#journal.newest(500);
  }

  follow(_address: unknown, onChange: Listener): () => void {
    return this.#changes.on(onChange);
  }

  /** Ends all waiting; what is in flight stays recorded as it is. */
  close(): void {
    for (const mailbox of this.#mailboxes.values()) mailbox.close();
    this.#mailboxes.clear();
    this.#journal.close();
    this.#changes.clear();
  }

  /** The one mailbox of an activity; undefined where nobody knows the activity. */
  #mailbox(id: string): Mailbox | undefined {
    const known = this.#mailboxes.get(id);
    if (known) return known;
    const activity = this.#journal.get(id);
    return activity && this.#open(this.#tracked(activity.state, activity), notAgain);
  }

  #tracked(phase: Tracked["phase"], activity: Activity): Tracked {
    return tracked(phase, activity, this.parts.lateEvidenceMs ?? 10 * 60_000);
  }

  #open(from: Tracked, prepare: () => Promise<CommandExecution>): Mailbox {
    const { id } = from.activity;
    const mailbox = new Mailbox(from, {
      clock: this.parts.clock,
      record: (activity) => {
        this.#journal.record(activity);
        this.#changes.emit([activity], []);
      },
      append: (activity) => this.#append(activity),
      prepare,
      prepareAgain: (activity, course) => this.parts.prepareAgain(activity, contextOf(activity, course)),
      onRest: () => this.#mailboxes.delete(id),
    });
    this.#mailboxes.set(id, mailbox);
    return mailbox;
  }

  #append(activity: Activity): void {
    this.#journal.append(activity);
    this.#changes.emit([activity], []);
  }
}

function contextOf(earlier: Activity, course: Course): CallContext {
  return { ...reader, earlier, ...(course === "own" && { resuming: true }) };
}

/** What the journal knows was prepared and perhaps sent before: the machine never asks for it. */
async function notAgain(): Promise<never> {
  throw new Error("a recorded activity is not begun again");
}

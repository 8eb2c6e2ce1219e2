import { Button } from "@mantine/core";
import { useState } from "react";
import type { Activity } from "../../shared/contract/index.ts";
import type { BulkProgress, BulkReceipt } from "../client/bulk.ts";
import type { CommandOptions } from "../client/command.ts";
import { useCommand } from "../client/query.ts";
import { formatQuantity } from "../ui/format.ts";
import { type GuardAnswer, GuardedActions, type GuardedPlace, phraseLasts } from "../ui/guarded-actions.tsx";
import { Notice } from "../ui/notice.tsx";
import classes from "./command.module.css";
import { ReceiptRow } from "./receipt-row.tsx";
import { activityIdOf, canRetry, isUnderWay, joinReceipts, receiptSummary } from "./receipts.ts";
import { useBatchActivities } from "./use-batch-activities.ts";

/** One run of a command over its items, as `useBulk` gives it. */
interface BulkControl<Input> {
  progress: BulkProgress<Input>;
  start: (inputs: readonly Input[], options?: CommandOptions, more?: { phraseLasts?: boolean }) => void;
  stop: () => void;
  resume: () => void;
  unlock: (options: CommandOptions) => void;
}

interface CommandReceiptsProps<Input> {
  bulk: BulkControl<Input>;
  answer: GuardAnswer;
  /** Where it happens, which may be locked again by now. */
  place: GuardedPlace;
  /** Names an item, such as its host. */
  itemLabel: (input: Input) => string;
  /** What the items are, such as "Host". */
  itemHeading: string;
  onClose: () => void;
}

/** One line for each item, from waiting to verified; what failed can be done again, what is unknown reconciled. */
export function CommandReceipts<Input>(props: CommandReceiptsProps<Input>) {
  const { bulk, answer, itemLabel, itemHeading } = props;
  const [settled, setSettled] = useState<readonly BulkReceipt<Input>[]>([]);
  const { progress } = bulk;
  const items = [...settled, ...progress.receipts];
  const ids = items.flatMap((item) => activityIdOf(item) ?? []);
  const receipts = joinReceipts(items, useBatchActivities(progress.batch, ids));
  const retry = () => {
    const failed = receipts.filter(canRetry).map(({ input }) => input);
    const again = new Set(failed);
    setSettled([...settled, ...progress.receipts].filter(({ input }) => !again.has(input)));
    // A name that was typed was meant for what was sent then: a place that is locked asks for it again.
    bulk.start(
      failed,
      { ...answer, confirmed: {}, batch: progress.batch },
      { phraseLasts: phraseLasts(props.place) },
    );
  };
  const reconcile = useCommand("activity.reconcile");
  const settle = (activity: Activity) =>
    void reconcile.run({ activityId: activity.id }).catch(() => undefined);
  return (
    <>
      <p role="status">
        {!receipts.some(isUnderWay) && "Done: "}
        {receiptSummary(receipts)}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className={classes.receipts} tabIndex={0} aria-label="Receipts">
        <table className={classes.table}>
          <thead>
            <tr>
              <th>{itemHeading}</th>
              <th>Progress</th>
              <th>What is known</th>
              <th>
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {receipts.map((receipt) => (
              <ReceiptRow
                key={JSON.stringify(receipt.input)}
                receipt={receipt}
                item={itemLabel(receipt.input)}
                onReconcile={settle}
              />
            ))}
          </tbody>
        </table>
      </section>
      <ReceiptActions
        {...props}
        failed={receipts.filter(canRetry).length}
        unknown={receipts.flatMap(({ state, activity }) =>
          state === "unknown" && activity ? [activity] : [],
        )}
        reconciling={reconcile.pending}
        onRetry={retry}
        onReconcile={settle}
      />
    </>
  );
}

interface ReceiptActionsProps<Input> extends CommandReceiptsProps<Input> {
  failed: number;
  unknown: readonly Activity[];
  reconciling: boolean;
  onRetry: () => void;
  onReconcile: (activity: Activity) => void;
}

function ReceiptActions<Input>(props: ReceiptActionsProps<Input>) {
  const { bulk, failed, unknown, onClose } = props;
  const { progress } = bulk;
  const waiting = progress.receipts.filter(({ state }) => state === "waiting").length;
  if (progress.locked) return <LockedActions {...props} waiting={waiting} />;
  return (
    <div className={classes.foot}>
      {waiting > 0 && !progress.stopped && (
        <Button variant="default" onClick={bulk.stop}>
          Stop before the other {waiting}
        </Button>
      )}
      {waiting > 0 && progress.stopped && (
        <Button variant="default" onClick={bulk.resume}>
          Continue with the other {waiting}
        </Button>
      )}
      {unknown.length > 1 && (
        <Button
          variant="default"
          loading={props.reconciling}
          onClick={() => {
            for (const activity of unknown) props.onReconcile(activity);
          }}
        >
          Reconcile {unknown.length} unknown
        </Button>
      )}
      {failed > 0 && !progress.running && (
        <Button variant="default" onClick={props.onRetry}>
          Retry {failed} failed
        </Button>
      )}
      <Button variant="default" onClick={onClose} data-autofocus>
        {waiting > 0 ? `Stop here (${waiting} not sent)` : "Close"}
      </Button>
    </div>
  );
}

/** The connection locked itself while the command was under way: its name is asked for again before anything else goes. */
function LockedActions<Input>({
  bulk,
  place,
  waiting,
  onClose,
}: ReceiptActionsProps<Input> & { waiting: number }) {
  const { length } = bulk.progress.receipts;
  const what = length > waiting ? `the other ${waiting}` : waiting === 1 ? "it" : "them";
  return (
    <section aria-label="Locked" className={classes.locked}>
      <Notice
        slim
        tone="warn"
        shape="bang"
        title={`${place.name} is locked again: ${notSentText(waiting)}`}
      />
      <GuardedActions
        place={place}
        actionLabel={`Go on with ${what}`}
        cancelLabel={`Close without ${what}`}
        askReason={false}
        onConfirm={bulk.unlock}
        onCancel={onClose}
      />
    </section>
  );
}

function notSentText(waiting: number): string {
  return `${formatQuantity(waiting, "command")} ${waiting === 1 ? "was" : "were"} not sent.`;
}

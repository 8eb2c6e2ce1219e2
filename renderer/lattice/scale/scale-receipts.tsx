import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Activity } from "../../../shared/contract/index.ts";
import type { ComponentRow } from "../../../shared/lattice/schema.ts";
import type { BulkReceipt, useBulk } from "../../client/bulk.ts";
import { useCommand } from "../../client/query.ts";
import { useTopic } from "../../client/use-topic.ts";
import type { GuardAnswer } from "../../ui/guarded-actions.tsx";
import { ReceiptRow } from "./receipt-row.tsx";
import { canRetry, isUnderWay, joinReceipts, receiptSummary } from "./receipts.ts";
import classes from "./scale.module.css";
import type { ScaleInput } from "./use-previews.ts";

interface ScaleReceiptsProps {
  hosts: readonly ComponentRow[];
  bulk: ReturnType<typeof useBulk<"lattice.components.scale">>;
  answer: GuardAnswer;
  onClose: () => void;
}

/** One line for each host, from waiting to verified; what failed can be done again, what is unknown reconciled. */
export function ScaleReceipts({ hosts, bulk, answer, onClose }: ScaleReceiptsProps) {
  const [settled, setSettled] = useState<readonly BulkReceipt<ScaleInput>[]>([]);
  const { progress } = bulk;
  const activities = useActivities();
  const receipts = joinReceipts([...settled, ...progress.receipts], activities);
  const names = new Map(hosts.map((row) => [row.hostId, row.hostName]));
  const reconcile = useCommand("activity.reconcile");
  const failed = receipts.filter(canRetry);
  const unknown = receipts.filter((receipt) => receipt.state === "unknown");
  const waiting = progress.receipts.filter(({ state }) => state === "waiting").length;
  const settle = (activity: Activity) =>
    void reconcile.run({ activityId: activity.id }).catch(() => undefined);
  const retry = () => {
    const again = new Set(failed.map(({ input }) => input.hostId));
    const all = [...settled, ...progress.receipts];
    setSettled(all.filter(({ input }) => !again.has(input.hostId)));
    bulk.start(
      failed.map(({ input }) => input),
      { ...answer, batch: progress.batch },
    );
  };
  return (
    <>
      <p role="status">
        {receiptSummary(receipts)}
        {receipts.some(isUnderWay) ? "" : " · nothing is under way"}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className={classes.receipts} tabIndex={0} aria-label="Receipts">
        <table className={classes.table}>
          <thead>
            <tr>
              <th>Host</th>
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
                key={receipt.input.hostId}
                receipt={receipt}
                host={names.get(receipt.input.hostId) ?? receipt.input.hostId}
                onReconcile={settle}
              />
            ))}
          </tbody>
        </table>
      </section>
      <div className={classes.foot}>
        {waiting > 0 && !progress.stopped && (
          <Button variant="default" onClick={bulk.stop}>
            Stop before the other {waiting}
          </Button>
        )}
        {waiting > 0 && progress.stopped && (
          <Button variant="default" onClick={bulk.resume}>
            Go on with the other {waiting}
          </Button>
        )}
        {unknown.length > 1 && (
          <Button
            variant="default"
            loading={reconcile.pending}
            onClick={() => {
              for (const { activity } of unknown) if (activity) settle(activity);
            }}
          >
            Reconcile {unknown.length} unknown
          </Button>
        )}
        {failed.length > 0 && !progress.running && (
          <Button variant="default" onClick={retry}>
            Retry {failed.length} failed
          </Button>
        )}
        <Button variant="default" onClick={onClose} data-autofocus>
          {waiting > 0 ? `Close without the other ${waiting}` : "Close"}
        </Button>
      </div>
    </>
  );
}

function useActivities(): ReadonlyMap<string, Activity> {
  const { rows } = useTopic("activity");
  return useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows]);
}

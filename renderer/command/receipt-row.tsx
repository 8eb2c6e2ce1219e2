import { Button } from "@mantine/core";
import { memo } from "react";
import type { Activity } from "../../shared/contract/index.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./command.module.css";
import type { Receipt } from "./receipts.ts";

interface ReceiptRowProps {
  receipt: Receipt<unknown>;
  item: string;
  onReconcile: (activity: Activity) => void;
}

/** What became of one item. */
export const ReceiptRow = memo(function ReceiptRow({ receipt, item, onReconcile }: ReceiptRowProps) {
  const { state, activity, failure } = receipt;
  return (
    <tr>
      <td>{item}</td>
      <td>
        {activity && <ActivityPips activity={activity} />} <StatusBadge state={state} />
      </td>
      <td className={classes.message}>
        {activity?.message ?? failure?.message}
        {failure?.hint && isOver(state) && ` ${failure.hint}`}
      </td>
      <td className={classes.end}>
        {activity && state === "unknown" && (
          <Button size="compact-xs" variant="default" onClick={() => onReconcile(activity)}>
            Reconcile
          </Button>
        )}
      </td>
    </tr>
  );
}, isSame);

/** Advice on what went wrong is for what did go wrong: of an unknown outcome the message says what to do. */
function isOver(state: string): boolean {
  return state === "failed" || state === "refused";
}

function isSame(before: ReceiptRowProps, after: ReceiptRowProps): boolean {
  const { receipt } = after;
  return before.receipt.state === receipt.state && before.receipt.activity === receipt.activity;
}

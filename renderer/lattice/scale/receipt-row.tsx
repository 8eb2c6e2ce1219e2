import { Button } from "@mantine/core";
import { memo } from "react";
import type { Activity } from "../../../shared/contract/index.ts";
import { ActivityPips } from "../../ui/activity-pips.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import type { ScaleReceipt } from "./receipts.ts";
import classes from "./scale.module.css";

interface ReceiptRowProps {
  receipt: ScaleReceipt;
  host: string;
  onReconcile: (activity: Activity) => void;
}

/** What became of the scale on one host. */
export const ReceiptRow = memo(function ReceiptRow({ receipt, host, onReconcile }: ReceiptRowProps) {
  const { state, activity, failure } = receipt;
  return (
    <tr>
      <td>{host}</td>
      <td>
        {activity && <ActivityPips activity={activity} />} <StatusBadge state={state} />
      </td>
      <td className={classes.message}>
        {activity?.message ?? failure?.message}
        {failure?.hint && ` ${failure.hint}`}
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

function isSame(before: ReceiptRowProps, after: ReceiptRowProps): boolean {
  const { receipt } = after;
  return before.receipt.state === receipt.state && before.receipt.activity === receipt.activity;
}

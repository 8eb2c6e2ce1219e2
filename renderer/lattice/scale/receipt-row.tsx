import { Button } from "@mantine/core";
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
export function ReceiptRow({ receipt, host, onReconcile }: ReceiptRowProps) {
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
}

import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { CopyInputs } from "./copy-as-menu.tsx";
import classes from "./forge.module.css";
import { ByQueue, Counted, type SweepProps, useStatusCount } from "./sweep-parts.tsx";

/** The others are never asked for: they run twice, or the server never answers (forge-jobs trap 4). */
const statuses = ["failed", "dead"] as const;
type Retried = (typeof statuses)[number];

/** Lets the server retry all failed, or all dead, jobs of every queue; it takes no filter for that. */
export function SweepRetryDialog({ returnTo, onClose }: SweepProps) {
  const { connectionId, place } = useSystem("forge");
  const [status, setStatus] = useState<Retried>("failed");
  const { answer, count } = useStatusCount(status, undefined);
  const label = count ? `Retry ${formatQuantity(count, `${status} job`)} of every queue` : "Nothing to retry";
  const shared = {
    title: "Retry every failed or dead job",
    place,
    itemLabel: () => `All ${status} jobs`,
    itemHeading: "Jobs",
    actionLabel: label,
    returnTo,
    onClose,
    children: (
      <div className={classes.stack}>
        <SegmentedControl
          aria-label="Which jobs"
          data={[
            { value: "failed", label: "Failed, wait for their retry" },
            { value: "dead", label: "Dead" },
          ]}
          value={status}
          onChange={(next) => setStatus(next as Retried)}
        />
        <Counted
          answer={answer}
          text={count === undefined ? undefined : `${formatQuantity(count, `${status} job`)} now`}
        />
        {count !== undefined && count > 0 && <ByQueue status={status} total={count} />}
        <Warnings status={status} />
      </div>
    ),
  };
  if (status === "failed") {
    const command = {
      name: "forge.jobs.retry-all-failed",
      inputs: count ? [{ connectionId }] : undefined,
    } as const;
    return <CommandDialog {...shared} {...command} copyAs={<CopyInputs what={label} {...command} />} />;
  }
  const command = {
    name: "forge.jobs.retry-all-by-status",
    inputs: count ? [{ connectionId, status }] : undefined,
  } as const;
  return <CommandDialog {...shared} {...command} copyAs={<CopyInputs what={label} {...command} />} />;
}

function Warnings({ status }: { status: Retried }) {
  return (
    <>
      <Notice slim tone="warn" shape="bang" title="Every queue, whatever the page is filtered by">
        {status === "failed"
          ? "Nothing waits for its backoff any more: all become due at once, and there is no first one alone. Whatever made them fail should be mended before."
          : "A retry gives no new attempts: each runs once more, and is dead again after its first failure."}
      </Notice>
      <Notice slim tone="bad" shape="forbidden" title="Not offered: pending, running and done jobs">
        Of pending ones the server would never come to an end, running ones would run twice, done ones again.
      </Notice>
      <p className={classes.hint}>
        The server answers when it is through, and may stop in the middle if the connection breaks. It leaves
        jobs whose dedupe key another active job has, and on SQLite maybe thousands behind them. What is left
        is counted afterwards. To begin with one job and get a receipt for each, use “All matching”.
      </p>
    </>
  );
}

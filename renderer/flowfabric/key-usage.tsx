import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import type { OutputFor } from "../../shared/catalogue.ts";
import { refreshOperation, useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { AsOf } from "../ui/as-of.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatCount, formatQuantity } from "../ui/format.ts";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { ExactTime } from "../ui/relative-time.tsx";
import classes from "./flowfabric.module.css";

interface Usage {
  keyId: string;
  current: number;
  verifying: number;
  lastExpiry: string | undefined;
}

/** Which keys the partitions use and still take, and how many open waitpoints hang on each. */
export function KeyUsage({ settledAt }: { settledAt: string | undefined }) {
  const { connectionId, profile, isOpen } = useSystem("flowfabric");
  const hasValkey = profile?.target.valkey !== undefined;
  const hasHttp = profile?.target.url !== undefined;
  const partitions = useOperation(
    "flowfabric.partitions.list",
    { connectionId },
    { enabled: isOpen && hasValkey },
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when a rotation has come to rest
  useEffect(() => void refreshOperation("flowfabric.partitions.list", { connectionId }), [settledAt]);
  const [counting, setCounting] = useState(false);
  const scan = useOperation(
    "flowfabric.waitpoints.scan",
    { connectionId },
    { enabled: isOpen && counting && hasHttp, once: true },
  );
  const open = new Map(scan.data?.byKey.map((entry) => [entry.keyId, entry.open]));
  const usage = usageOf(partitions.data ?? [], [...open.keys()]);
  const problems = partitions.data?.flatMap(({ problem }) => (problem ? [problem] : [])) ?? [];
  return (
    <section className={classes.panel} aria-label="Keys">
      <div className={classes.panelHead}>
        <h2>Keys</h2>
        <span className={classes.hint}>tokens at risk when the grace period ends</span>
        <div className={classes.panelActions}>
          {hasValkey && <AsOf reading={partitions} what="keys" />}
          <Button
            variant="default"
            disabled={!isOpen || !hasHttp}
            loading={scan.isFetching}
            onClick={() => {
              setCounting(true);
              void scan.refetch();
            }}
          >
            {counting ? "Count again" : "Count open waitpoints"}
          </Button>
        </div>
      </div>
      {!hasValkey && (
        <p className={classes.hint}>
          HTTP has no way to list keys. Give the connection the address of Valkey to see them; open waitpoints
          can be counted by key all the same.
        </p>
      )}
      {partitions.error && <FailureNotice slim failure={partitions.error.toData()} />}
      {scan.error && <FailureNotice slim failure={scan.error.toData()} />}
      {hasValkey && !partitions.data && !partitions.error && <LoadingSkeleton rows={2} />}
      {problems.length > 0 && (
        <p className={classes.warn}>
          {formatQuantity(problems.length, "partition")} cannot be read. {reasonsIn(problems)}
        </p>
      )}
      {usage.length > 0 && <UsageTable usage={usage} open={scan.data && open} />}
      {scan.data && <ScanNote scan={scan.data} />}
    </section>
  );
}

const mostReasons = 3;

/** Why they cannot be read, each reason once: one server that is down has many partitions. */
function reasonsIn(problems: readonly { message: string }[]): string {
  return [...new Set(problems.map(({ message }) => message))].slice(0, mostReasons).join(" ");
}

function ScanNote({ scan }: { scan: OutputFor<"flowfabric.waitpoints.scan"> }) {
  const { scanned, next, hiddenPossible } = scan;
  return (
    <p className={classes.hint}>
      {formatQuantity(scanned, "execution")} looked at
      {next && `, up to partition ${next.partition}: there are more`}
      {hiddenPossible > 0 &&
        `; ${formatQuantity(hiddenPossible, "execution")} may have more than the route shows`}
      .
    </p>
  );
}

function UsageTable({
  usage,
  open,
}: {
  usage: readonly Usage[];
  open: ReadonlyMap<string, number> | undefined;
}) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>Key</th>
          <th data-align="end">Active in</th>
          <th data-align="end">Accepted in</th>
          <th>Accepted until</th>
          <th data-align="end">Open waitpoints</th>
        </tr>
      </thead>
      <tbody>
        {usage.map(({ keyId, current, verifying, lastExpiry }) => (
          <tr key={keyId}>
            <td>
              <code>{keyId || "(malformed)"}</code>
            </td>
            <td data-align="end">{formatCount(current)}</td>
            <td data-align="end">{formatCount(verifying)}</td>
            <td>{lastExpiry ? <ExactTime at={lastExpiry} /> : current > 0 ? "in use" : "–"}</td>
            <td data-align="end">{open ? formatCount(open.get(keyId) ?? 0) : "not counted"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Keys = readonly {
  currentKeyId: string;
  verifying: readonly { keyId: string; expiresAt: string }[];
  problem?: unknown;
}[];

function usageOf(partitions: Keys, more: readonly string[]): Usage[] {
  const usage = new Map<string, Usage>();
  const of = (keyId: string): Usage => {
    const known = usage.get(keyId) ?? { keyId, current: 0, verifying: 0, lastExpiry: undefined };
    usage.set(keyId, known);
    return known;
  };
  for (const { currentKeyId, verifying, problem } of partitions) {
    if (problem) continue;
    of(currentKeyId).current += 1;
    for (const { keyId, expiresAt } of verifying) {
      const one = of(keyId);
      one.verifying += 1;
      if (one.lastExpiry === undefined || expiresAt > one.lastExpiry) one.lastExpiry = expiresAt;
    }
  }
  for (const keyId of more) of(keyId);
  return [...usage.values()].sort(
    (left, right) => right.current - left.current || right.verifying - left.verifying,
  );
}

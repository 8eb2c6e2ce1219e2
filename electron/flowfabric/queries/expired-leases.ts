import { asFailure, type Failure, type Handlers } from "../../../shared/contract/index.ts";
import type { executionOperations } from "../../../shared/flowfabric/execution-operations.ts";
import type { ExpiredLease } from "../../../shared/flowfabric/execution-schema.ts";
import type { CommandParts } from "../commands/command-parts.ts";
import { forEachBounded } from "../valkey/bounded.ts";
import { defaultPartitions, orFailure, readPartitionCount } from "../valkey/partitions.ts";
import { timeOfNumber } from "./execution-rows.ts";

type LeaseOperations = Pick<typeof executionOperations, "flowfabric.leases.expired">;

const readsAtOnce = 32;
const mostOfPartition = 100;

/** Index of leases by the time they expire, in epoch milliseconds; what has expired stays there (flowfabric-admin Appendix D). */
function leaseIndexKey(partition: number): string {
  return `ff:idx:{fp:${partition}}:lease_expiry`;
}

/** Handler that reads stuck work at Valkey itself, for connections without a server. */
export function leaseHandlers({ session }: CommandParts): Handlers<LeaseOperations> {
  return {
    "flowfabric.leases.expired": async ({ connectionId }) => {
      const store = session(connectionId).requireStore();
      const counted = await readPartitionCount(store);
      const partitions = counted ?? defaultPartitions;
      // Leases expire by the clock of Valkey, not by ours.
      const now = await orFailure(store.time());
      const rows: ExpiredLease[] = [];
      const failures: { partition: number; failure: Failure }[] = [];
      let cut = false;
      const all = Array.from({ length: partitions }, (_, index) => index);
      await forEachBounded(all, readsAtOnce, async (partition) => {
        try {
          const found = await orFailure(store.membersUpTo(leaseIndexKey(partition), now, mostOfPartition));
          if (found.length === mostOfPartition) cut = true;
          for (const lease of found) rows.push(expiredLease(lease, partition));
        } catch (error) {
          failures.push({ partition, failure: asFailure(error) });
        }
      });
      if (failures[0] && failures.length === partitions) throw failures[0].failure;
      return {
        rows: rows.sort((left, right) => (left.expiredAt < right.expiredAt ? -1 : 1)),
        cut,
        partitions,
        partitionsFrom: counted === undefined ? "assumed" : "valkey",
        problems: failures.map(({ partition, failure }) => ({
          where: `partition ${partition}`,
          message: failure.message,
        })),
      };
    },
  };
}

function expiredLease(lease: { member: string; score: number }, partition: number): ExpiredLease {
  return { executionId: lease.member, partition, expiredAt: timeOfNumber(lease.score) };
}

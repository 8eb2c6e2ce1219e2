import type { RotationPartition } from "../../shared/flowfabric/rotation-schema.ts";
import { Facts } from "../ui/drawer.tsx";
import { ExactTime } from "../ui/relative-time.tsx";
import classes from "./flowfabric.module.css";
import { partitionLooks } from "./rotation-look.ts";

/** What is known of one partition of a rotation, and why it failed. */
export function PartitionDetails({ cell }: { cell: RotationPartition }) {
  const { failure } = cell;
  return (
    <section className={classes.panel} aria-label={`Partition ${cell.partition}`}>
      <h2>
        Partition {cell.partition} <span>{partitionLooks[cell.state].word}</span>
      </h2>
      {failure && (
        <p className={classes.failure}>
          {failure.message}{" "}
          <span className={classes.hint}>
            ({failure.class}, <code>{failure.code}</code>;{" "}
            {failure.retry ? "the same pair may be sent again" : "the same pair will not help"})
          </span>
        </p>
      )}
      <Facts
        facts={[
          [
            "Asked",
            cell.attempts === 0 ? "not yet" : cell.attempts === 1 ? "once" : `${cell.attempts} times`,
          ],
          [
            "Signs with",
            cell.currentKeyId === "" ? "no key" : cell.currentKeyId && <code>{cell.currentKeyId}</code>,
          ],
          ["Before", cell.previousKeyId && <code>{cell.previousKeyId}</code>],
          ["Takes it until", cell.graceEndsAt && <ExactTime at={cell.graceEndsAt} />],
          ["Expired keys deleted", cell.collected ? String(cell.collected) : undefined],
          ["Key in Valkey", <code key="key">{`ff:sec:{fp:${cell.partition}}:waitpoint_hmac`}</code>],
        ]}
      />
    </section>
  );
}

import type { PartitionsFrom } from "../../shared/flowfabric/execution-schema.ts";
import { Notice } from "../ui/notice.tsx";

/** Over HTTP nothing lists partitions: with more of them than assumed, something is missing without a sign. */
export function PartitionsNotice(props: { partitions: number; partitionsFrom: PartitionsFrom }) {
  const { partitions, partitionsFrom } = props;
  if (partitionsFrom !== "assumed") return null;
  return (
    <Notice slim role="status" tone="warn" shape="question" title={`${partitions} partitions are assumed`}>
      Where the server's FF_FLOW_PARTITIONS is larger, executions are missing here. The address of Valkey in
      the connection tells the number, and so does a rotation over HTTP.
    </Notice>
  );
}

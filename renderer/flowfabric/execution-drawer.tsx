import type { ExecutionRow } from "../../shared/flowfabric/execution-schema.ts";
import { useOperation } from "../client/query.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { TargetActivities } from "../command/entity-activities.tsx";
import { useSystem } from "../state/selection.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Notice } from "../ui/notice.tsx";
import { ExactTime } from "../ui/relative-time.tsx";
import { ShortId } from "../ui/short-id.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { executionActions } from "./execution-actions.tsx";
import { executionLook } from "./execution-look.ts";
import { ExecutionOutput } from "./execution-output.tsx";
import { WaitpointList } from "./waitpoint-list.tsx";

interface ExecutionDrawerProps {
  id: string;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** Everything known of one execution, what its state means, and what can be done. */
export function ExecutionDrawer({ id, onClose, onStep }: ExecutionDrawerProps) {
  const { connectionId, isOpen } = useSystem("flowfabric");
  const { data, error, refetch } = useOperation(
    "flowfabric.executions.get",
    { connectionId, executionId: id },
    { enabled: isOpen },
  );
  return (
    <Drawer
      title={<ShortId id={id} keep={10} />}
      subtitle={data && <StatusBadge state={executionLook(data)} />}
      onClose={onClose}
      onStep={onStep}
      actions={data && <ActionButtons group="Execution" actions={executionActions} things={[data]} />}
    >
      {error && <FailureNotice slim failure={error.toData()} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingSkeleton rows={6} />}
      {data && <Details row={data} />}
    </Drawer>
  );
}

function Details({ row }: { row: ExecutionRow }) {
  const { diagnosis, state } = row;
  const look = executionLook(row);
  return (
    <>
      <Notice slim tone={look.tone} shape={look.shape} title={diagnosis.summary}>
        {diagnosis.advice}
      </Notice>
      <DrawerSection title="Facts">
        <Facts
          facts={[
            ["Lane", row.lane],
            ["Kind", row.kind],
            ["Namespace", row.namespace],
            ["Priority", String(row.priority)],
            ["Attempt", `${row.attempt + 1}`],
            ["Partition", String(row.partition)],
            ["Flow", row.flowId && <ShortId id={row.flowId} />],
            ["Created", row.createdAt ? <ExactTime key="created" at={row.createdAt} /> : "not known"],
            ["Started", row.startedAt && <ExactTime at={row.startedAt} />],
            ["Completed", row.completedAt && <ExactTime at={row.completedAt} />],
            ["Worker", "not available over HTTP"],
          ]}
        />
      </DrawerSection>
      <DrawerSection title="State">
        <Facts
          facts={[
            ["Public", state.publicState],
            ["Phase", state.lifecyclePhase],
            ["Ownership", state.ownershipState],
            ["Eligibility", state.eligibilityState],
            ["Blocked by", state.blockingReason],
            ["Detail", row.blockingDetail],
            ["Attempt", state.attemptState],
            ["Outcome", state.terminalOutcome],
          ]}
        />
      </DrawerSection>
      <WaitpointList executionId={row.id} />
      <ExecutionOutput row={row} />
      <TargetActivities kind="execution" id={row.id} />
      <DrawerSection title="JSON">
        <JsonView value={row} label="Execution" />
      </DrawerSection>
    </>
  );
}

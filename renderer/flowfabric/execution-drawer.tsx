import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import type { ExecutionRow } from "../../shared/flowfabric/execution-schema.ts";
import { useOperation } from "../client/query.ts";
import { TargetActivities } from "../command/entity-activities.tsx";
import { useSystem } from "../state/selection.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Notice } from "../ui/notice.tsx";
import { ExactTime } from "../ui/relative-time.tsx";
import { ShortId } from "../ui/short-id.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import { type ExecutionAction, ExecutionDialog } from "./execution-dialogs.tsx";
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
  const [action, setAction] = useState<ExecutionAction>();
  const foot = useRef<HTMLButtonElement>(null);
  return (
    <Drawer
      title={<ShortId id={id} keep={10} />}
      subtitle={data && <StatusBadge state={executionLook(data)} />}
      onClose={onClose}
      onStep={onStep}
      actions={data && <Actions row={data} onChosen={setAction} first={foot} />}
    >
      {error && <FailureNotice slim failure={error.toData()} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingSkeleton rows={6} />}
      {data && <Details row={data} />}
      {data && action && (
        <ExecutionDialog action={action} row={data} returnTo={foot} onClose={() => setAction(undefined)} />
      )}
    </Drawer>
  );
}

const words: Record<ExecutionAction, { button: string; label: string; keys: string }> = {
  reclaim: { button: "Let a worker reclaim…", label: "Let a worker reclaim this execution", keys: "c" },
  "revoke-lease": { button: "Revoke lease…", label: "Revoke the lease of this execution", keys: "v" },
  cancel: { button: "Cancel…", label: "Cancel this execution", keys: "x" },
  replay: { button: "Replay…", label: "Replay this execution", keys: "r" },
  priority: { button: "Priority…", label: "Change the priority of this execution", keys: "p" },
};

function Actions(props: {
  row: ExecutionRow;
  first: React.RefObject<HTMLButtonElement | null>;
  onChosen: (action: ExecutionAction) => void;
}) {
  const { row, first, onChosen } = props;
  const actions = row.diagnosis.actions.filter((action) => action !== "signal");
  useShortcuts(
    actions.map((action) => ({
      id: `execution-${action}`,
      label: words[action].label,
      group: "Execution",
      keys: words[action].keys,
      run: () => onChosen(action),
    })),
  );
  return (
    <>
      {actions.map((action, index) => (
        <Button
          key={action}
          ref={index === 0 ? first : undefined}
          variant={action === "reclaim" ? "filled" : "default"}
          color={action === "cancel" ? "red" : undefined}
          title={`Key: ${words[action].keys}`}
          onClick={() => onChosen(action)}
        >
          {words[action].button}
        </Button>
      ))}
    </>
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

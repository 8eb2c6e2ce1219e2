import { useForm } from "@mantine/form";
import { shortExecution } from "../../shared/flowfabric/inputs.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { CopyCurlMenu } from "../command/copy-curl-menu.tsx";
import { useSystem } from "../state/selection.ts";
import { Notice } from "../ui/notice.tsx";
import type { ExecutionDialogProps } from "./execution-dialogs.tsx";
import classes from "./flowfabric.module.css";
import { GrantFields, type GrantValues, grantOf } from "./grant-form.tsx";

/** Lets one worker take over an orphaned execution: what that does, and how its use is watched. */
export function ReclaimDialog({ row, returnTo, onClose }: ExecutionDialogProps) {
  const { connectionId, place, profile } = useSystem("flowfabric");
  const form = useForm<GrantValues>({
    initialValues: { workerId: "", workerInstanceId: "", lane: row.lane, seconds: 30, capabilities: [] },
  });
  const grant = grantOf(form.values);
  const name = shortExecution(row.id);
  const inputs = grant && [{ connectionId, executionId: row.id, ...grant }];
  return (
    <CommandDialog
      title={`Let a worker reclaim ${name}`}
      name="flowfabric.executions.reclaim"
      place={place}
      inputs={inputs}
      itemLabel={(input) => input.workerId}
      itemHeading="Worker"
      actionLabel={grant ? `Let ${grant.workerId} reclaim ${name}` : "Let a worker reclaim it"}
      copyAs={<CopyCurlMenu name="flowfabric.executions.reclaim" what="Reclaim" inputs={inputs} />}
      returnTo={returnTo}
      onClose={onClose}
      receiptNote={
        <p className={classes.hint}>
          Until the grant expires, the execution is watched: a new lease proves that the worker took it.
        </p>
      }
    >
      <div className={classes.stack}>
        <p className={classes.text}>
          This writes a permission, at most a minute long, and does not run anything: the named worker has to
          use it itself. Unused, it expires, and the execution stays where it is.
        </p>
        {profile?.target.backend === "postgres" && (
          <Notice
            slim
            tone="warn"
            shape="bang"
            title="On Postgres the reconciler usually requeues it by itself"
          >
            Then the answer is that it cannot be reclaimed.
          </Notice>
        )}
        <GrantFields form={form} />
      </div>
    </CommandDialog>
  );
}

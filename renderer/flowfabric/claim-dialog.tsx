import { useForm } from "@mantine/form";
import type { RefObject } from "react";
import { CommandDialog } from "../command/command-dialog.tsx";
import { CopyCurlMenu } from "../command/copy-curl-menu.tsx";
import { useSystem } from "../state/selection.ts";
import { Notice } from "../ui/notice.tsx";
import classes from "./flowfabric.module.css";
import { GrantFields, type GrantValues, grantOf } from "./grant-form.tsx";

interface ClaimDialogProps {
  returnTo?: RefObject<HTMLElement | null> | undefined;
  onClose: () => void;
}

/** Asks for a grant of fresh work: a diagnosis with side effects, which are said first. */
export function ClaimDialog({ returnTo, onClose }: ClaimDialogProps) {
  const { connectionId, place, profile } = useSystem("flowfabric");
  const form = useForm<GrantValues>({
    initialValues: { workerId: "", workerInstanceId: "", lane: "default", seconds: 5, capabilities: [] },
  });
  const grant = grantOf(form.values);
  const backend = profile?.target.backend;
  const refused = backend === "postgres" || backend === "sqlite";
  const inputs = grant && !refused ? [{ connectionId, ...grant }] : undefined;
  return (
    <CommandDialog
      title="Claim for a worker"
      name="flowfabric.workers.claim"
      place={place}
      inputs={inputs}
      itemLabel={(input) => input.workerId}
      itemHeading="Worker"
      actionLabel={grant ? `Claim from ${grant.lane} for ${grant.workerId}` : "Claim"}
      copyAs={<CopyCurlMenu name="flowfabric.workers.claim" what="Claim" inputs={inputs} />}
      returnTo={returnTo}
      onClose={onClose}
    >
      <div className={classes.stack}>
        <Notice tone="warn" shape="bang" title="A claim disturbs real work, even when it finds none">
          What this worker cannot do is moved out of the queue for some seconds; what is granted is offered to
          nobody else until the grant expires. It answers whether a worker with these capabilities would get
          work.
        </Notice>
        {refused && (
          <Notice tone="bad" shape="forbidden" title="Not on this backend">
            {backend === "postgres"
              ? "On Postgres a claim finds nothing, whatever waits, and one that nobody uses could strand an execution."
              : "A server on SQLite gives no claims over HTTP."}
          </Notice>
        )}
        <GrantFields form={form} />
      </div>
    </CommandDialog>
  );
}

import { Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { RefObject } from "react";
import { uuidSchema } from "../../shared/flowfabric/inputs.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { CopyCurlMenu } from "../command/copy-curl-menu.tsx";
import { useSystem } from "../state/selection.ts";
import classes from "./flowfabric.module.css";

const policies = [
  { value: "cancel_all", label: "The flow and all its members" },
  { value: "cancel_flow_only", label: "The flow alone: its members go on" },
  { value: "cancel_pending", label: "The flow, marked cancel_pending: the server cancels no member" },
] as const;

type Policy = (typeof policies)[number]["value"];

interface CancelFlowDialogProps {
  /** Where it is known already. */
  flowId?: string | undefined;
  returnTo?: RefObject<HTMLElement | null> | undefined;
  onClose: () => void;
}

/** Cancels a flow by its id: no route lists flows. */
export function CancelFlowDialog({ flowId: known, returnTo, onClose }: CancelFlowDialogProps) {
  const { connectionId, place } = useSystem("flowfabric");
  const form = useForm<{ flowId: string; policy: Policy }>({
    initialValues: { flowId: known ?? "", policy: "cancel_all" },
  });
  const { flowId, policy } = form.values;
  const isGood = uuidSchema.safeParse(flowId).success;
  const inputs = isGood ? [{ connectionId, flowId: flowId.trim(), policy }] : undefined;
  return (
    <CommandDialog
      title="Cancel a flow"
      name="flowfabric.flows.cancel"
      place={place}
      inputs={inputs}
      itemLabel={(input) => input.flowId}
      itemHeading="Flow"
      actionLabel="Cancel the flow"
      destructive
      copyAs={<CopyCurlMenu name="flowfabric.flows.cancel" what="Cancel the flow" inputs={inputs} />}
      returnTo={returnTo}
      onClose={onClose}
    >
      <div className={classes.stack}>
        <TextInput
          label="Id of the flow"
          description="The server has no list of flows; an execution's facts name its flow"
          spellCheck={false}
          {...form.getInputProps("flowId")}
          error={flowId === "" || isGood ? undefined : "a UUID"}
        />
        <Select
          label="What to cancel"
          data={policies.map(({ value, label }) => ({ value, label }))}
          allowDeselect={false}
          comboboxProps={{ withinPortal: true }}
          {...form.getInputProps("policy")}
        />
      </div>
    </CommandDialog>
  );
}

import { NumberInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type RefObject, useState } from "react";
import { CommandDialog } from "../command/command-dialog.tsx";
import { CopyCurlMenu } from "../command/copy-curl-menu.tsx";
import { useSystem } from "../state/selection.ts";
import { Notice } from "../ui/notice.tsx";
import classes from "./flowfabric.module.css";

interface QuotaDialogProps {
  returnTo: RefObject<HTMLElement | null>;
  onClose: () => void;
}

type Values = Record<"windowSeconds" | "maxRequestsPerWindow" | "maxConcurrent", number | string>;

/** Creates a quota policy, which no route shows again. */
export function QuotaDialog({ returnTo, onClose }: QuotaDialogProps) {
  const { connectionId, place } = useSystem("flowfabric");
  const [quotaId] = useState(() => crypto.randomUUID());
  const form = useForm<Values>({
    initialValues: { windowSeconds: 60, maxRequestsPerWindow: "", maxConcurrent: "" },
  });
  const { windowSeconds, maxRequestsPerWindow, maxConcurrent } = form.values;
  const inputs =
    isAmount(windowSeconds) && windowSeconds > 0 && isAmount(maxRequestsPerWindow) && isAmount(maxConcurrent)
      ? [{ connectionId, quotaId, windowSeconds, maxRequestsPerWindow, maxConcurrent }]
      : undefined;
  return (
    <CommandDialog
      title="New quota policy"
      name="flowfabric.quotas.create"
      place={place}
      inputs={inputs}
      itemLabel={() => quotaId}
      itemHeading="Policy"
      actionLabel={
        inputs
          ? `Create a policy of ${maxRequestsPerWindow} requests in ${windowSeconds} s, ${maxConcurrent} at once`
          : "Create the policy"
      }
      copyAs={<CopyCurlMenu name="flowfabric.quotas.create" what="Create the policy" inputs={inputs} />}
      returnTo={returnTo}
      onClose={onClose}
    >
      <div className={classes.stack}>
        <div className={classes.line}>
          <Amount label="Window" suffix=" s" min={1} {...form.getInputProps("windowSeconds")} />
          <Amount
            label="Requests in a window"
            data-autofocus
            {...form.getInputProps("maxRequestsPerWindow")}
          />
          <Amount label="At the same time" {...form.getInputProps("maxConcurrent")} />
        </div>
        <Notice slim tone="idle" shape="ring" title="Keep the id: no route lists or shows quota policies">
          It is <code>{quotaId}</code>, and stays in the record of this activity.
        </Notice>
      </div>
    </CommandDialog>
  );
}

function isAmount(value: number | string): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function Amount(props: React.ComponentProps<typeof NumberInput> & { "data-autofocus"?: boolean }) {
  return <NumberInput min={0} allowDecimal={false} thousandSeparator="," w={180} {...props} />;
}

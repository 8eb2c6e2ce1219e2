import { Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { RefObject } from "react";
import type { WaitpointRow } from "../../shared/flowfabric/execution-schema.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { CopyCurlMenu } from "../command/copy-curl-menu.tsx";
import { useSystem } from "../state/selection.ts";
import classes from "./flowfabric.module.css";

interface SignalDialogProps {
  waitpoint: WaitpointRow;
  returnTo: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** Delivers a signal; the token is read by the console when it sends, and kept nowhere. */
export function SignalDialog({ waitpoint, returnTo, onClose }: SignalDialogProps) {
  const { connectionId, place } = useSystem("flowfabric");
  const { executionId, id: waitpointId, signals } = waitpoint;
  const form = useForm({ initialValues: { signalName: signals[0] ?? "", payload: "" } });
  const { signalName, payload } = form.values;
  const odd = signals.length > 0 && signalName !== "" && !signals.includes(signalName);
  const inputs =
    signalName === ""
      ? undefined
      : [{ connectionId, executionId, waitpointId, signalName, ...(payload !== "" && { payload }) }];
  return (
    <CommandDialog
      title={`Signal ${waitpoint.key}`}
      name="flowfabric.executions.signal"
      place={place}
      inputs={inputs}
      itemLabel={(input) => input.signalName}
      itemHeading="Signal"
      actionLabel={`Send ${signalName || "the signal"}`}
      copyAs={<CopyCurlMenu name="flowfabric.executions.signal" what="Send the signal" inputs={inputs} />}
      returnTo={returnTo}
      onClose={onClose}
    >
      <div className={classes.stack}>
        <TextInput
          label="Name"
          description={signals.length > 0 ? `It waits for: ${signals.join(", ")}` : "Any name matches"}
          spellCheck={false}
          {...form.getInputProps("signalName")}
          error={odd ? "this waitpoint does not wait for that name" : undefined}
        />
        <Textarea
          label="Payload"
          description="Sent as UTF-8 bytes; kept in the activity's record as it is"
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
          {...form.getInputProps("payload")}
        />
        <p className={classes.hint}>
          Signed with the key <code>{waitpoint.keyId || "(malformed)"}</code>. Once that key&apos;s grace has
          passed, the server refuses the signal, and says wrongly that it may be tried again.
        </p>
      </div>
    </CommandDialog>
  );
}

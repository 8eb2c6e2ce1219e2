import { Autocomplete, Checkbox, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { isJson } from "../../shared/forge/job-schema.ts";
import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { Notice } from "../ui/notice.tsx";
import { CopyInputs } from "./copy-as-menu.tsx";
import classes from "./forge.module.css";

interface Values {
  queueName: string;
  kind: string;
  payload: string;
  runAt: string;
  dedupeKey: string;
  priority: number | string;
  maxAttempts: number | string;
  commandsAllowed: boolean;
}

/** A bundled handler runs what its payload says (forge-jobs §11). */
const commandKind = "cmd_exec";

/** Enqueues one job. */
export function EnqueueDialog({ queue, onClose }: { queue: string | undefined; onClose: () => void }) {
  const { connectionId, place } = useSystem("forge");
  const queues = useTopic("forge.queues", { connectionId }).rows.map(({ name }) => name);
  const { data: kinds = [] } = useOperation("forge.jobs.kinds", { connectionId });
  const form = useForm<Values>({
    initialValues: {
      queueName: queue ?? "",
      kind: "",
      payload: "{}",
      runAt: "",
      dedupeKey: "",
      priority: "",
      maxAttempts: "",
      commandsAllowed: false,
    },
  });
  const { values } = form;
  const goodPayload = isJson(values.payload);
  const runsCommands = values.kind.trim() === commandKind;
  const ready =
    values.queueName !== "" &&
    values.kind.trim() !== "" &&
    goodPayload &&
    (!runsCommands || values.commandsAllowed);
  const inputs = ready ? [{ connectionId, ...inputOf(values) }] : undefined;
  return (
    <CommandDialog
      title="Enqueue a job"
      name="forge.jobs.enqueue"
      place={place}
      inputs={inputs}
      itemLabel={({ kind, queueName }) => `${kind} on ${queueName}`}
      itemHeading="Job"
      actionLabel={ready ? `Enqueue ${values.kind} on ${values.queueName}` : "Enqueue"}
      destructive={runsCommands}
      onClose={onClose}
      copyAs={<CopyInputs what="Enqueue the job" name="forge.jobs.enqueue" inputs={inputs} />}
    >
      <div className={classes.stack}>
        <div className={classes.line}>
          <Select
            label="Queue"
            required
            data={[...queues].sort()}
            searchable
            {...form.getInputProps("queueName")}
          />
          <Autocomplete label="Kind" required data={kinds} {...form.getInputProps("kind")} />
        </div>
        <Textarea
          label="Payload"
          description="JSON, sent exactly as it is written"
          autosize
          minRows={4}
          maxRows={14}
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--font-mono)" } }}
          error={goodPayload ? undefined : "This is no JSON"}
          {...form.getInputProps("payload")}
        />
        <div className={classes.line}>
          <TextInput type="datetime-local" label="Run at" step={1} {...form.getInputProps("runAt")} />
          <TextInput
            label="Dedupe key"
            description="If a job with this key is active, it is returned instead"
            {...form.getInputProps("dedupeKey")}
          />
          <NumberInput
            label="Priority"
            description="Lower = higher priority"
            allowDecimal={false}
            min={-2_147_483_648}
            max={2_147_483_647}
            w={120}
            {...form.getInputProps("priority")}
          />
          <NumberInput
            label="Attempts"
            description="5 unless given"
            allowDecimal={false}
            min={1}
            max={1_000}
            w={120}
            {...form.getInputProps("maxAttempts")}
          />
        </div>
        {runsCommands && (
          <Notice tone="bad" shape="bang" title="This kind runs a program on the worker's machine">
            <Checkbox
              label="I know what this payload runs"
              {...form.getInputProps("commandsAllowed", { type: "checkbox" })}
            />
          </Notice>
        )}
      </div>
    </CommandDialog>
  );
}

function inputOf({ queueName, kind, payload, runAt, dedupeKey, priority, maxAttempts }: Values) {
  return {
    queueName,
    kind: kind.trim(),
    payload,
    ...(runAt !== "" && { runAt: new Date(runAt).toISOString() }),
    ...(dedupeKey !== "" && { dedupeKey }),
    ...(typeof priority === "number" && { priority }),
    ...(typeof maxAttempts === "number" && { maxAttempts }),
  };
}

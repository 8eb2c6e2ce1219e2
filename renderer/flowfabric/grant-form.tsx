import { NumberInput, TagsInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { capabilitiesSchema, laneSchema, workerIdSchema } from "../../shared/flowfabric/inputs.ts";
import classes from "./flowfabric.module.css";

export interface GrantValues {
  workerId: string;
  workerInstanceId: string;
  lane: string;
  seconds: number | string;
  capabilities: string[];
}

/** Worker, lane, capabilities and life of a grant. */
export function GrantFields({ form }: { form: UseFormReturnType<GrantValues> }) {
  const { values } = form;
  return (
    <div className={classes.stack}>
      <TextInput
        label="Worker"
        description="The one that is ready to use the grant; no other can"
        spellCheck={false}
        {...form.getInputProps("workerId")}
        error={values.workerId === "" ? undefined : problem(workerIdSchema, values.workerId)}
      />
      <TextInput
        label="Instance of the worker"
        description="For the record; empty: the worker's id"
        spellCheck={false}
        {...form.getInputProps("workerInstanceId")}
        error={values.workerInstanceId === "" ? undefined : problem(workerIdSchema, values.workerInstanceId)}
      />
      <TextInput
        label="Lane"
        spellCheck={false}
        {...form.getInputProps("lane")}
        error={problem(laneSchema, values.lane)}
      />
      <TagsInput
        label="Capabilities of the worker"
        description="Enter after each"
        {...form.getInputProps("capabilities")}
        error={problem(capabilitiesSchema, values.capabilities)}
      />
      <NumberInput
        label="Lives"
        suffix=" s"
        min={1}
        max={60}
        allowDecimal={false}
        w={140}
        {...form.getInputProps("seconds")}
        error={isGoodLife(values.seconds) ? undefined : "1 to 60"}
      />
    </div>
  );
}

/** The fields of a command, once they are complete. */
export function grantOf(values: GrantValues) {
  const { workerId, workerInstanceId, lane, seconds, capabilities } = values;
  const good =
    !problem(workerIdSchema, workerId) &&
    !problem(workerIdSchema, workerInstanceId || workerId) &&
    !problem(laneSchema, lane) &&
    !problem(capabilitiesSchema, capabilities);
  if (!good || !isGoodLife(seconds)) return undefined;
  return {
    workerId,
    workerInstanceId: workerInstanceId || workerId,
    lane,
    grantTtlMs: seconds * 1_000,
    capabilities,
  };
}

function isGoodLife(seconds: number | string): seconds is number {
  return typeof seconds === "number" && Number.isInteger(seconds) && seconds >= 1 && seconds <= 60;
}

interface Checked {
  safeParse(value: unknown): { success: boolean; error?: { issues: { message: string }[] } };
}

function problem(schema: Checked, value: unknown): string | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? undefined : parsed.error?.issues[0]?.message;
}

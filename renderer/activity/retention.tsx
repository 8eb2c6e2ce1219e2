import { Button, Group, Modal, NumberInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import {
  type ActivityBounds,
  activityBoundsSchema,
  defaultActivityBounds,
} from "../../shared/activity/retention.ts";
import { refreshOperations, useCommand, useOperation } from "../client/query.ts";
import { useUiStore } from "../state/ui-store.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatCount, formatInstant, formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { useReturnOfFocus } from "../ui/use-return-of-focus.ts";
import classes from "./activity.module.css";

/** How long activities are kept, and how many. */
export function Retention() {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Retention…
      </Button>
      {opened && <RetentionDialog onClose={() => setOpened(false)} />}
    </>
  );
}

function RetentionDialog({ onClose }: { onClose: () => void }) {
  useReturnOfFocus();
  const { data, error } = useOperation("console.preferences.get", {});
  return (
    <Modal opened onClose={onClose} title="Retention of activities" size={460}>
      {error && <FailureNotice what="The present retention could not be read" failure={error.toData()} />}
      {data && <RetentionForm present={data.keepActivities} onClose={onClose} />}
    </Modal>
  );
}

function RetentionForm({ present, onClose }: { present: ActivityBounds; onClose: () => void }) {
  const { run, pending, failure } = useCommand("console.preferences.save");
  const form = useForm<Record<keyof ActivityBounds, number | string>>({
    initialValues: present,
    validateInputOnBlur: true,
    validate: { days: problemOf("days"), atMost: problemOf("atMost") },
  });
  const wanted = activityBoundsSchema.safeParse(form.values).data;
  const isLess = wanted !== undefined && (wanted.days < present.days || wanted.atMost < present.atMost);
  const save = form.onSubmit(() => {
    if (!wanted) return;
    void run({ keepActivities: wanted }).then(
      () => refreshOperations("console.preferences.get").then(onClose),
      () => undefined,
    );
  });
  return (
    <form onSubmit={save} className={classes.retention}>
      <Extent />
      <NumberInput
        label="Keep each for"
        suffix=" days"
        description={`After its last step. ${defaultActivityBounds.days} unless you choose otherwise.`}
        allowDecimal={false}
        data-autofocus
        {...form.getInputProps("days")}
      />
      <NumberInput
        label="Keep at most"
        suffix=" activities"
        thousandSeparator=","
        description="Beyond that the oldest are removed, however young."
        allowDecimal={false}
        {...form.getInputProps("atMost")}
      />
      {isLess && (
        <Notice slim tone="warn" shape="bang" role="status" title="Older activities are removed for good">
          Export the log first to keep them. The log notes up to where it was removed, so that an export can
          still be checked.
        </Notice>
      )}
      {failure && <FailureNotice what="Not saved" failure={failure} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={pending} disabled={!wanted} {...(isLess && { color: "red" })}>
          {isLess ? "Save and remove older ones" : "Save"}
        </Button>
      </Group>
    </form>
  );
}

function Extent() {
  const { data } = useOperation("activity.extent", {});
  const utc = useUiStore((state) => state.utc);
  if (!data) return null;
  const since = data.since && ` since ${formatInstant(Date.parse(data.since), utc)}`;
  return (
    <p
      className={classes.faint}
    >{`Kept now: ${formatQuantity(data.count, "activity", "activities")}${since ?? ""}.`}</p>
  );
}

function problemOf(field: keyof ActivityBounds) {
  const schema = activityBoundsSchema.shape[field];
  return (value: number | string) =>
    schema.safeParse(value).success
      ? null
      : `A whole number from ${formatCount(schema.minValue ?? 0)} to ${formatCount(schema.maxValue ?? 0)}`;
}

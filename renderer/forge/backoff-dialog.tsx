import { NumberInput, Switch } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type BackoffSettings, limits } from "../../shared/forge/schema.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { BackoffCurve } from "./backoff-curve.tsx";
import { CopyInputs } from "./copy-as-menu.tsx";
import classes from "./forge.module.css";
import type { QueueDialogProps } from "./queue-dialogs.tsx";
import { useForge } from "./use-forge.ts";

interface Values {
  enabled: boolean;
  baseSeconds: number | string;
  maxSeconds: number | string;
}

/** Sets the backoff of a queue: the present and the new curve side by side, and what it does not change. */
export function BackoffDialog({ queue, onClose, returnTo }: QueueDialogProps) {
  const { connectionId, place } = useForge();
  const { name, backoff, counts } = queue;
  const form = useForm<Values>({ initialValues: { ...backoff } });
  const wanted = settingsOf(form.values);
  const isSame =
    wanted !== undefined &&
    wanted.enabled === backoff.enabled &&
    wanted.baseSeconds === backoff.baseSeconds &&
    wanted.maxSeconds === backoff.maxSeconds;
  const label = actionOf(name, wanted, isSame);
  const inputs = wanted && !isSame ? [{ connectionId, name, ...wanted }] : undefined;
  return (
    <CommandDialog
      title={`Backoff of ${name}`}
      name="forge.queues.set-backoff"
      place={place}
      inputs={inputs}
      itemLabel={(input) => input.name}
      itemHeading="Queue"
      actionLabel={label}
      size={820}
      returnTo={returnTo}
      onClose={onClose}
      copyAs={<CopyInputs what={label} name="forge.queues.set-backoff" inputs={inputs} />}
    >
      <div className={classes.stack}>
        <div className={classes.line}>
          <Switch
            label="Failed jobs wait before they run again"
            {...form.getInputProps("enabled", { type: "checkbox" })}
          />
          <SecondsInput
            label="Base"
            input={form.getInputProps("baseSeconds")}
            value={form.values.baseSeconds}
          />
          <SecondsInput
            label="At most"
            input={form.getInputProps("maxSeconds")}
            value={form.values.maxSeconds}
          />
        </div>
        {wanted && <BackoffCurve now={backoff} after={wanted} />}
        {wanted && <Effects wanted={wanted} failed={counts.failed} />}
      </div>
    </CommandDialog>
  );
}

function SecondsInput(props: { label: string; input: object; value: number | string }) {
  const { min, max } = limits.backoffSeconds;
  return (
    <NumberInput
      {...props.input}
      label={props.label}
      suffix=" s"
      min={min}
      max={max}
      allowDecimal={false}
      w={130}
      error={isGood(props.value) ? undefined : `${min} to ${max}`}
    />
  );
}

function Effects({ wanted, failed }: { wanted: BackoffSettings; failed: number }) {
  const { enabled, baseSeconds, maxSeconds } = wanted;
  return (
    <>
      {enabled && baseSeconds >= maxSeconds && (
        <Notice slim tone="warn" shape="bang" title="The base is not below the maximum">
          Every failed job then waits {maxSeconds} s, whatever its attempts.
        </Notice>
      )}
      {!enabled && (
        <Notice slim tone="warn" shape="bang" title="Failed jobs run again at once">
          A queue-wide cool-down after a throttle is then always 60 s.
        </Notice>
      )}
      <p className={classes.hint}>
        {failed > 0
          ? `${formatQuantity(failed, "failed job")} already wait${failed === 1 ? "s" : ""} for the next run and keep${failed === 1 ? "s" : ""} that time; the new backoff counts from the next failure on.`
          : "No failed job waits now; the new backoff counts from the next failure on."}{" "}
        The first retry waits twice the base; there is no jitter.
      </p>
    </>
  );
}

function settingsOf({ enabled, baseSeconds, maxSeconds }: Values): BackoffSettings | undefined {
  if (!isGood(baseSeconds) || !isGood(maxSeconds)) return undefined;
  return { enabled, baseSeconds, maxSeconds };
}

function isGood(value: number | string): value is number {
  const { min, max } = limits.backoffSeconds;
  return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
}

function actionOf(name: string, wanted: BackoffSettings | undefined, isSame: boolean): string {
  if (!wanted) return "Set backoff";
  if (isSame) return "Nothing is changed yet";
  return wanted.enabled
    ? `Set backoff of ${name} to ${wanted.baseSeconds}–${wanted.maxSeconds} s`
    : `Turn off backoff of ${name}`;
}

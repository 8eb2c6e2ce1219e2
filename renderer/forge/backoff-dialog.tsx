import { NumberInput, Switch } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type BackoffSettings, limits } from "../../shared/forge/schema.ts";
import { formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { BackoffCurve } from "./backoff-curve.tsx";
import classes from "./forge.module.css";
import { QueueDialog, type QueueDialogProps, unchanged } from "./queue-dialog.tsx";

interface Values {
  enabled: boolean;
  baseSeconds: number | string;
  maxSeconds: number | string;
}

/** Sets the backoff of a queue: the present and the new curve side by side, and what it does not change. */
export function BackoffDialog(props: QueueDialogProps) {
  const { name, backoff, counts } = props.queue;
  const form = useForm<Values>({ initialValues: { ...backoff } });
  const wanted = settingsOf(form.values);
  const isSame =
    wanted !== undefined &&
    wanted.enabled === backoff.enabled &&
    wanted.baseSeconds === backoff.baseSeconds &&
    wanted.maxSeconds === backoff.maxSeconds;
  return (
    <QueueDialog
      {...props}
      title={`Backoff of ${name}`}
      name="forge.queues.set-backoff"
      values={isSame ? undefined : wanted}
      label={actionOf(name, wanted, isSame)}
      size={820}
    >
      <div className={classes.line}>
        <Switch
          label="Delay retries (exponential backoff)"
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
    </QueueDialog>
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
  if (isSame) return unchanged;
  return wanted.enabled
    ? `Set backoff of ${name} to ${wanted.baseSeconds}–${wanted.maxSeconds} s`
    : `Turn off backoff of ${name}`;
}

import { TextInput } from "@mantine/core";
import { type RefObject, useState } from "react";
import { readCron } from "../../shared/forge/cron-expression.ts";
import type { Schedule } from "../../shared/forge/cron-schema.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { CopyInputs } from "./copy-as-menu.tsx";
import { CronMeaningView } from "./cron-meaning-view.tsx";
import classes from "./forge.module.css";

interface ExpressionDialogProps {
  schedule: Schedule;
  /** Its new expression, where that was said already. */
  value?: string | undefined;
  returnTo?: RefObject<HTMLElement | null> | undefined;
  onClose: () => void;
}

/** Gives a schedule another expression, with its meaning and next times while it is written. */
export function ExpressionDialog({ schedule, value, returnTo, onClose }: ExpressionDialogProps) {
  const { connectionId, place } = useSystem("forge");
  const [expression, setExpression] = useState(value ?? schedule.expression);
  const { name } = schedule;
  const text = expression.trim();
  const good = readCron(text).ok && text !== schedule.expression;
  const label = good ? `Set ${name} to ${text}` : "Set expression";
  const inputs = good ? [{ connectionId, name, expression: text }] : undefined;
  return (
    <CommandDialog
      title={`Expression of ${name}`}
      name="forge.cron.set-expression"
      place={place}
      inputs={inputs}
      itemLabel={(input) => input.name}
      itemHeading="Schedule"
      actionLabel={label}
      size={680}
      returnTo={returnTo}
      onClose={onClose}
      copyAs={<CopyInputs what={label} name="forge.cron.set-expression" inputs={inputs} />}
    >
      <div className={classes.stack}>
        <TextInput
          label="Expression"
          description="second minute hour day-of-month month day-of-week [year], all in UTC. Sunday is 1. Both day fields must match, unlike in Unix cron."
          value={expression}
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--font-mono)" } }}
          onChange={(event) => setExpression(event.currentTarget.value)}
        />
        <CronMeaningView expression={text} />
      </div>
    </CommandDialog>
  );
}

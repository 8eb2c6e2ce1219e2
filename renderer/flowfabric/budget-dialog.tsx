import { Button, NumberInput, TextInput } from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { type RefObject, useState } from "react";
import { CommandDialog } from "../command/command-dialog.tsx";
import { CopyCurlMenu } from "../command/copy-curl-menu.tsx";
import { useSystem } from "../state/selection.ts";
import { type BudgetValues, budgetOf, problemsOf } from "./budget-form.ts";
import classes from "./flowfabric.module.css";

interface BudgetDialogProps {
  returnTo: RefObject<HTMLElement | null>;
  /** Hears the id of the budget that is asked for. */
  onSend: (budgetId: string) => void;
  onClose: () => void;
}

/** Creates a budget: whom it is for, and a hard and a soft limit for each dimension. */
export function BudgetDialog({ returnTo, onSend, onClose }: BudgetDialogProps) {
  const { connectionId, place } = useSystem("flowfabric");
  const [budgetId] = useState(() => crypto.randomUUID());
  const form = useForm<BudgetValues>({
    initialValues: {
      scopeType: "namespace",
      scopeId: "",
      enforcementMode: "strict",
      onHardLimit: "",
      onSoftLimit: "",
      resetHours: 24,
      dimensions: [{ name: "", hardLimit: "", softLimit: "" }],
    },
  });
  const params = budgetOf(form.values);
  const inputs = params && [{ connectionId, budgetId, ...params }];
  const name = `${form.values.scopeType} ${form.values.scopeId}`.trim();
  return (
    <CommandDialog
      title="New budget"
      name="flowfabric.budgets.create"
      place={place}
      inputs={inputs}
      itemLabel={() => name}
      itemHeading="Budget"
      actionLabel={params ? `Create the budget for ${name}` : "Create the budget"}
      copyAs={<CopyCurlMenu name="flowfabric.budgets.create" what="Create the budget" inputs={inputs} />}
      returnTo={returnTo}
      onSend={() => onSend(budgetId)}
      onClose={onClose}
    >
      <div className={classes.stack}>
        <div className={classes.line}>
          <TextInput label="For a" spellCheck={false} {...form.getInputProps("scopeType")} />
          <TextInput label="Called" spellCheck={false} data-autofocus {...form.getInputProps("scopeId")} />
          <NumberInput
            label="Resets itself every"
            description="0: never"
            suffix=" h"
            min={0}
            w={150}
            {...form.getInputProps("resetHours")}
          />
        </div>
        <Dimensions form={form} />
        <div className={classes.line}>
          <TextInput label="Enforcement" spellCheck={false} {...form.getInputProps("enforcementMode")} />
          <TextInput label="At a hard limit" spellCheck={false} {...form.getInputProps("onHardLimit")} />
          <TextInput label="At a soft limit" spellCheck={false} {...form.getInputProps("onSoftLimit")} />
        </div>
        <p className={classes.hint}>
          The server takes any words for these three and keeps them as they are; its documentation has those
          that mean something. An execution names the budgets that it uses when it is created: this one has
          the id <code>{budgetId}</code>.
        </p>
      </div>
    </CommandDialog>
  );
}

function Dimensions({ form }: { form: UseFormReturnType<BudgetValues> }) {
  const { dimensions } = form.values;
  const problems = problemsOf(dimensions);
  return (
    <fieldset className={classes.dimensions}>
      <legend>Dimensions</legend>
      <div className={classes.stackTight}>
        {dimensions.map((_dimension, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a dimension is known by its place alone while it is written
          <div key={index} className={classes.dimension}>
            <TextInput
              aria-label={`Name of dimension ${index + 1}`}
              placeholder="tokens"
              spellCheck={false}
              {...form.getInputProps(`dimensions.${index}.name`)}
              error={problems[index]}
            />
            <NumberInput
              aria-label={`Hard limit of dimension ${index + 1}`}
              placeholder="hard limit, none"
              min={0}
              allowDecimal={false}
              thousandSeparator=","
              {...form.getInputProps(`dimensions.${index}.hardLimit`)}
            />
            <NumberInput
              aria-label={`Soft limit of dimension ${index + 1}`}
              placeholder="soft limit, none"
              min={0}
              allowDecimal={false}
              thousandSeparator=","
              {...form.getInputProps(`dimensions.${index}.softLimit`)}
            />
            <Button
              variant="default"
              disabled={dimensions.length === 1}
              aria-label={`Remove dimension ${index + 1}`}
              onClick={() => form.removeListItem("dimensions", index)}
            >
              Remove
            </Button>
          </div>
        ))}
        <div>
          <Button
            variant="default"
            size="compact-sm"
            disabled={dimensions.length >= 64}
            onClick={() => form.insertListItem("dimensions", { name: "", hardLimit: "", softLimit: "" })}
          >
            Another dimension
          </Button>
        </div>
      </div>
    </fieldset>
  );
}

import type { RefObject } from "react";
import { CommandDialog } from "../command/command-dialog.tsx";
import { CopyCurlMenu } from "../command/copy-curl-menu.tsx";
import { useSystem } from "../state/selection.ts";
import classes from "./flowfabric.module.css";

interface ResetDialogProps {
  budgetId: string;
  returnTo: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** Sets the usage of a budget to nothing. */
export function ResetDialog({ budgetId, returnTo, onClose }: ResetDialogProps) {
  const { connectionId, place } = useSystem("flowfabric");
  const name = `${budgetId.slice(0, 8)}…`;
  const inputs = [{ connectionId, budgetId }];
  return (
    <CommandDialog
      title={`Reset budget ${name}`}
      name="flowfabric.budgets.reset"
      place={place}
      inputs={inputs}
      itemLabel={() => name}
      itemHeading="Budget"
      actionLabel={`Reset the usage of ${name}`}
      destructive
      copyAs={<CopyCurlMenu name="flowfabric.budgets.reset" what="Reset the budget" inputs={inputs} />}
      returnTo={returnTo}
      onClose={onClose}
    >
      <p className={classes.text}>
        What was used in every dimension is forgotten; work that this budget blocked goes on within seconds.
        The next reset by itself is counted from now.
      </p>
    </CommandDialog>
  );
}

import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { uuidSchema } from "../../shared/flowfabric/inputs.ts";
import { useOperation } from "../client/query.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatQuantity } from "../ui/format.ts";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";
import { BudgetPanel } from "./budget-panel.tsx";
import { DirectOnlyNotice } from "./direct-only-notice.tsx";
import classes from "./flowfabric.module.css";
import { ResetDialog } from "./reset-dialog.tsx";
import { ServerNotices } from "./server-notices.tsx";
import { useFlowfabric } from "./use-flowfabric.ts";

/** Budgets: those that Valkey lists, and any whose id is known. */
export function BudgetsPage() {
  const { connectionId, isOpen, isDirectOnly } = useFlowfabric();
  const list = useOperation(
    "flowfabric.budgets.list",
    { connectionId },
    { enabled: isOpen, refetchInterval: 30_000 },
  );
  const [asked, setAsked] = useState<readonly string[]>([]);
  const [reset, setReset] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const ids = [...new Set([...(list.data?.ids ?? []), ...asked])];
  return (
    <Page
      title="Budgets"
      counts={list.data && formatQuantity(ids.length, "budget")}
      scroll
      notices={
        <>
          <ServerNotices />
          {isDirectOnly && <DirectOnlyNotice>Valkey tells which budgets there are.</DirectOnlyNotice>}
        </>
      }
      actions={!isDirectOnly && <AskForm ref={field} onAsk={(id) => setAsked([...asked, id])} />}
    >
      <div className={classes.stack}>
        {list.error && <FailureNotice failure={list.error.toData()} onRetry={() => void list.refetch()} />}
        {!list.data && !list.error && <LoadingSkeleton rows={4} />}
        {list.data && ids.length === 0 && (
          <EmptyState
            title="No budget is shown"
            text={
              list.data.told
                ? "Valkey lists none."
                : "The server cannot list budgets over HTTP. Enter an id, or give the connection the address of Valkey."
            }
          />
        )}
        <div className={classes.panels}>
          {ids.map((id) => (
            <BudgetPanel key={id} id={id} onReset={() => setReset(id)} />
          ))}
        </div>
      </div>
      {reset && <ResetDialog budgetId={reset} returnTo={field} onClose={() => setReset(undefined)} />}
    </Page>
  );
}

function AskForm({ ref, onAsk }: { ref: React.Ref<HTMLInputElement>; onAsk: (id: string) => void }) {
  const [text, setText] = useState("");
  const parsed = uuidSchema.safeParse(text);
  const ask = (event: FormEvent): void => {
    event.preventDefault();
    if (!parsed.success) return;
    onAsk(parsed.data);
    setText("");
  };
  return (
    <form onSubmit={ask} className={classes.line}>
      <TextInput
        ref={ref}
        aria-label="Id of a budget"
        placeholder="id of a budget"
        spellCheck={false}
        w={320}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={text !== "" && !parsed.success}
      />
      <Button type="submit" variant="default" disabled={!parsed.success}>
        Show
      </Button>
    </form>
  );
}

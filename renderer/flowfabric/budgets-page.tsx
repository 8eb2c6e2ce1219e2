import { Button, Menu, TextInput } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import { uuidSchema } from "../../shared/flowfabric/inputs.ts";
import { useOperation } from "../client/query.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { CopyCurlMenu } from "../command/copy-curl-menu.tsx";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatQuantity } from "../ui/format.ts";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { askForBudget, hideBudget, useAskedBudgets } from "./asked-budgets.ts";
import { BudgetDialog } from "./budget-dialog.tsx";
import { BudgetPanel } from "./budget-panel.tsx";
import { DirectOnlyNotice } from "./direct-only-notice.tsx";
import classes from "./flowfabric.module.css";
import { QuotaDialog } from "./quota-dialog.tsx";
import { ServerNotices } from "./server-notices.tsx";
import { isDirect } from "./use-rotations.ts";

/** Budgets: those that Valkey lists, and any whose id is known. */
export function BudgetsPage() {
  const { connectionId, isOpen, profile } = useSystem("flowfabric");
  const isDirectOnly = isDirect(profile);
  const list = useOperation("flowfabric.budgets.list", { connectionId }, { enabled: isOpen });
  const asked = useAskedBudgets(connectionId);
  const [openKey, setOpenKey] = useOpenKey();
  const [reset, setReset] = useState<string>();
  const [creating, setCreating] = useState<"budget" | "quota">();
  const field = useRef<HTMLInputElement>(null);
  const create = useRef<HTMLButtonElement>(null);
  const listed = list.data?.ids ?? [];
  const ids = [...new Set([...listed, ...asked, ...(openKey ? [openKey] : [])])];
  useShortcuts(
    isDirectOnly || !isOpen
      ? []
      : [
          {
            id: "budget-new",
            label: "New budget",
            group: "Budgets",
            keys: "n",
            run: () => setCreating("budget"),
          },
          { id: "quota-new", label: "New quota policy", group: "Budgets", run: () => setCreating("quota") },
        ],
  );
  useShown(openKey, list.data !== undefined);
  const hide = (id: string) => {
    hideBudget(connectionId, id);
    if (id === openKey) setOpenKey(undefined);
  };
  return (
    <Page
      title="Budgets"
      reading={list}
      counts={list.data && formatQuantity(ids.length, "budget")}
      scroll
      notices={
        <>
          <ServerNotices />
          {isDirectOnly && <DirectOnlyNotice>Valkey tells which budgets there are.</DirectOnlyNotice>}
        </>
      }
      actions={
        !isDirectOnly && (
          <>
            <AskForm ref={field} onAsk={(id) => askForBudget(connectionId, id)} />
            <CreateMenu ref={create} disabled={!isOpen} onChosen={setCreating} />
          </>
        )
      }
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
            <BudgetPanel
              key={id}
              id={id}
              onReset={() => setReset(id)}
              onHide={listed.includes(id) ? undefined : () => hide(id)}
            />
          ))}
        </div>
      </div>
      {reset && <ResetDialog budgetId={reset} returnTo={field} onClose={() => setReset(undefined)} />}
      {creating === "budget" && (
        <BudgetDialog
          returnTo={create}
          onSend={(id) => askForBudget(connectionId, id)}
          onClose={() => setCreating(undefined)}
        />
      )}
      {creating === "quota" && <QuotaDialog returnTo={create} onClose={() => setCreating(undefined)} />}
    </Page>
  );
}

/** Brings the budget that the address names into view, once the page has its panels. */
function useShown(id: string | undefined, ready: boolean): void {
  useEffect(() => {
    if (id !== undefined && ready)
      document.getElementById(`budget-${id}`)?.scrollIntoView({ block: "start" });
  }, [id, ready]);
}

function CreateMenu(props: {
  ref: React.Ref<HTMLButtonElement>;
  disabled: boolean;
  onChosen: (what: "budget" | "quota") => void;
}) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button ref={props.ref} rightSection={<IconChevronDown size={14} />} disabled={props.disabled}>
          New
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => props.onChosen("budget")}>Budget…</Menu.Item>
        <Menu.Item onClick={() => props.onChosen("quota")}>Quota policy…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
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

interface ResetDialogProps {
  budgetId: string;
  returnTo: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** Sets the usage of a budget to nothing. */
function ResetDialog({ budgetId, returnTo, onClose }: ResetDialogProps) {
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

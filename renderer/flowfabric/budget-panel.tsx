import { Button } from "@mantine/core";
import { ownValue } from "../../shared/contract/index.ts";
import type { Budget } from "../../shared/flowfabric/server-schema.ts";
import { useOperation } from "../client/query.ts";
import { TargetActivities } from "../command/entity-activities.tsx";
import { useSystem } from "../state/selection.ts";
import { Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Notice } from "../ui/notice.tsx";
import { ExactTime } from "../ui/relative-time.tsx";
import { ShortId } from "../ui/short-id.tsx";
import classes from "./flowfabric.module.css";
import { isDirect } from "./use-rotations.ts";

/** One budget: each dimension against its limits. */
export function BudgetPanel(props: { id: string; onReset: () => void; onHide: (() => void) | undefined }) {
  const { id, onReset, onHide } = props;
  const { connectionId, isOpen, profile } = useSystem("flowfabric");
  const isDirectOnly = isDirect(profile);
  const { data, error } = useOperation(
    "flowfabric.budgets.get",
    { connectionId, budgetId: id },
    { enabled: isOpen && !isDirectOnly },
  );
  return (
    <section id={`budget-${id}`} className={classes.panel} aria-label={`Budget ${id}`}>
      <div className={classes.panelHead}>
        <h2>
          {data?.scopeType || "Budget"} {data?.scopeId}
        </h2>
        <ShortId id={id} />
        <div className={classes.panelActions}>
          {onHide && (
            <Button variant="default" onClick={onHide}>
              Hide
            </Button>
          )}
          <Button variant="default" color="red" disabled={!isOpen || !data} onClick={onReset}>
            Reset…
          </Button>
        </div>
      </div>
      {error && <FailureNotice slim failure={error.toData()} />}
      {isDirectOnly && <p className={classes.hint}>Its limits and usage are told over HTTP only.</p>}
      {!data && !error && !isDirectOnly && <LoadingSkeleton rows={3} />}
      {data?.stub && (
        <Notice slim tone="warn" shape="bang" title="This budget was never created">
          Usage was reported to its id, which leaves such a record behind on Valkey. It limits nothing.
        </Notice>
      )}
      {data && <Dimensions budget={data} />}
      {data && (
        <Facts
          facts={[
            ["Enforcement", data.enforcementMode],
            ["Created", data.createdAt && <ExactTime at={data.createdAt} />],
            ["Hard breaches", data.breaches],
            ["Soft breaches", data.softBreaches],
            ["Last breach", data.lastBreachAt && <ExactTime at={data.lastBreachAt} />],
            ["By", data.lastBreachDimension],
            [
              "Next reset",
              data.nextResetAt ? <ExactTime key="reset" at={data.nextResetAt} /> : "never by itself",
            ],
          ]}
        />
      )}
      {data && <TargetActivities kind="budget" id={id} />}
    </section>
  );
}

function Dimensions({ budget }: { budget: Budget }) {
  const names = [...new Set([...Object.keys(budget.hardLimits), ...Object.keys(budget.usage)])].sort();
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>Dimension</th>
          <th data-align="end">Used</th>
          <th data-align="end">Soft limit</th>
          <th data-align="end">Hard limit</th>
          <th style={{ width: "30%" }}>Share of the hard limit</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <Dimension key={name} name={name} budget={budget} />
        ))}
      </tbody>
    </table>
  );
}

function amountOf(amounts: Budget["usage"], name: string): bigint {
  return BigInt(ownValue(amounts, name) ?? 0);
}

function Dimension({ name, budget }: { name: string; budget: Budget }) {
  const used = amountOf(budget.usage, name);
  const soft = amountOf(budget.softLimits, name);
  const hard = amountOf(budget.hardLimits, name);
  const share = hard > 0n ? Math.min(100, Number((used * 1_000n) / hard) / 10) : 0;
  const tone = hard > 0n && used >= hard ? "bad" : soft > 0n && used > soft ? "warn" : "good";
  return (
    <tr>
      <td>{name}</td>
      <td data-align="end">{used.toLocaleString("en-US")}</td>
      <td data-align="end">{soft === 0n ? "none" : soft.toLocaleString("en-US")}</td>
      <td data-align="end">{hard === 0n ? "none" : hard.toLocaleString("en-US")}</td>
      <td>
        {hard > 0n && (
          <div className={classes.usageBar} data-tone={tone} title={`${share} %`} aria-hidden="true">
            <span style={{ inlineSize: `${share}%` }} />
          </div>
        )}
      </td>
    </tr>
  );
}

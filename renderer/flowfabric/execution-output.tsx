import type { ExecutionRow } from "../../shared/flowfabric/execution-schema.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { formatQuantity } from "../ui/format.ts";
import classes from "./flowfabric.module.css";

/** The newest output of the present attempt, and the result of one that is over. */
export function ExecutionOutput({ row }: { row: ExecutionRow }) {
  const { connectionId, isOpen } = useSystem("flowfabric");
  const executionId = row.id;
  const over = row.diagnosis.level === "over";
  const stream = useOperation(
    "flowfabric.executions.stream",
    { connectionId, executionId, attempt: row.attempt },
    { enabled: isOpen, once: over },
  );
  const result = useOperation(
    "flowfabric.executions.result",
    { connectionId, executionId },
    { enabled: isOpen && over },
  );
  const frames = stream.data?.frames ?? [];
  return (
    <>
      <DrawerSection title={`Output of attempt ${row.attempt + 1}`}>
        {stream.error && <p className={classes.hint}>{stream.error.message}</p>}
        {stream.data && frames.length === 0 && <p className={classes.hint}>This attempt wrote nothing.</p>}
        {frames.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
          <pre className={classes.output} tabIndex={0}>
            {frames.map(({ id, fields }) => `${id}  ${fields.payload ?? JSON.stringify(fields)}`).join("\n")}
          </pre>
        )}
        {stream.data?.closedReason && (
          <p className={classes.hint}>Closed: {stream.data.closedReason.replaceAll("_", " ")}</p>
        )}
      </DrawerSection>
      {over && (
        <DrawerSection title="Result">
          {result.error && (
            <p className={classes.hint}>
              There is none: it failed, or ended without one. The server does not tell which.
            </p>
          )}
          {result.data && (
            <>
              <p className={classes.hint}>
                {formatQuantity(result.data.bytes, "byte")}
                {result.data.cut && ", the beginning of them"}
                {result.data.text === undefined && ", which are no text"}
              </p>
              {result.data.text !== undefined && (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
                <pre className={classes.output} tabIndex={0}>
                  {result.data.text}
                </pre>
              )}
            </>
          )}
        </DrawerSection>
      )}
    </>
  );
}

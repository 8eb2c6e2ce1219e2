import type { Evidence } from "../../shared/contract/index.ts";
import { JsonView } from "../ui/json-view.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import classes from "./activity.module.css";

/** What was seen that settles the question, or half of it. */
export function EvidenceList(props: { evidence: readonly Evidence[]; opened?: boolean }) {
  const { evidence, opened = false } = props;
  if (evidence.length === 0) return <span className={classes.faint}>Nothing has been seen yet</span>;
  return (
    <div className={classes.evidence}>
      {evidence.map((one) => (
        <Finding key={`${one.at} ${one.kind} ${one.summary}`} evidence={one} opened={opened} />
      ))}
    </div>
  );
}

function Finding({ evidence, opened }: { evidence: Evidence; opened: boolean }) {
  const line = (
    <>
      {evidence.summary}{" "}
      <span className={classes.faint}>
        {evidence.kind} · <RelativeTime at={evidence.at} />
      </span>
    </>
  );
  if (evidence.data === undefined) return <div className={classes.finding}>{line}</div>;
  return (
    <details className={classes.finding} open={opened}>
      <summary>{line}</summary>
      <JsonView value={evidence.data} label="evidence" />
    </details>
  );
}

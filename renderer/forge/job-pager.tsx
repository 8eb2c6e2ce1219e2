import { ActionIcon, Tooltip } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { formatCount } from "../ui/format.ts";
import classes from "./forge.module.css";
import { filterOf, type JobSearch, pageSize } from "./job-search.ts";

interface JobPagerProps {
  search: JobSearch;
  /** On this page. */
  count: number;
  more: boolean;
  onChange: (part: Partial<JobSearch>) => void;
}

/** Which jobs are shown, and the way to newer and older ones; how many there are is counted only when asked. */
export function JobPager({ search, count, more, onChange }: JobPagerProps) {
  const { offset, view } = search;
  if (view === "scheduled")
    return (
      <>
        {formatCount(count)} due later{count === 500 && ", the soonest 500"}
      </>
    );
  return (
    <span className={classes.pager}>
      <Step
        label="Newer jobs"
        disabled={offset === 0}
        onClick={() => onChange({ offset: Math.max(0, offset - pageSize) })}
      >
        <IconChevronLeft size={14} />
      </Step>
      <span role="status">
        {count === 0 ? "no jobs here" : `${formatCount(offset + 1)}–${formatCount(offset + count)}`}
        {more ? ", newest first; older jobs follow" : count > 0 && ", newest first"}
      </span>
      <Step label="Older jobs" disabled={!more} onClick={() => onChange({ offset: offset + pageSize })}>
        <IconChevronRight size={14} />
      </Step>
      {(more || offset > 0) && (
        <Total key={JSON.stringify(filterOf(search))} search={search} onChange={onChange} />
      )}
    </span>
  );
}

function Step(props: { label: string; disabled: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon
        variant="default"
        size="sm"
        aria-label={props.label}
        disabled={props.disabled}
        onClick={props.onClick}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}

/** The server tells no total by itself; counting makes it read every job of the wanted statuses. */
function Total({ search, onChange }: Pick<JobPagerProps, "search" | "onChange">) {
  const { connectionId } = useSystem("forge");
  const [wanted, setWanted] = useState(false);
  const { data, isFetching } = useOperation(
    "forge.jobs.count",
    { connectionId, filter: filterOf(search) },
    { enabled: wanted },
  );
  if (!data) {
    return (
      <button type="button" className={classes.link} disabled={isFetching} onClick={() => setWanted(true)}>
        {isFetching ? "counting…" : "count all"}
      </button>
    );
  }
  const last = Math.max(0, Math.ceil(data.count / pageSize) - 1) * pageSize;
  return (
    <span>
      of {formatCount(data.count)} ·{" "}
      <button type="button" className={classes.link} onClick={() => onChange({ offset: last })}>
        oldest
      </button>
    </span>
  );
}

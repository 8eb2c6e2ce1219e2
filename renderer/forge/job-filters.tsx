import { SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { useSystem } from "../state/selection.ts";
import classes from "./forge.module.css";
import { type JobSearch, type JobView, jobViews, viewTitles } from "./job-search.ts";

interface JobFiltersProps {
  search: JobSearch;
  onChange: (part: Partial<JobSearch>) => void;
}

const typingMs = 400;
const day = 86_400_000;
const ages: Readonly<Record<string, number>> = { hour: day / 24, day, week: 7 * day };

/** What is asked of the server: status, queue, kind, time, and a part of the payload. */
export function JobFilters({ search, onChange }: JobFiltersProps) {
  const { connectionId, isOpen } = useSystem("forge");
  const queues = useTopic("forge.queues", { connectionId }).rows.map(({ name }) => name);
  const { data: kinds = [] } = useOperation("forge.jobs.kinds", { connectionId }, { enabled: isOpen });
  const plain = search.view !== "scheduled";
  const isSet = search.from !== undefined || search.to !== undefined;
  return (
    <div className={classes.line}>
      <SegmentedControl
        aria-label="Which jobs"
        data={jobViews.map((view) => ({ value: view, label: viewTitles[view] }))}
        value={search.view}
        onChange={(view) => onChange({ view: view as JobView })}
      />
      <Select
        aria-label="Queue"
        placeholder="Any queue"
        data={withPresent(queues, search.queue)}
        value={search.queue ?? null}
        clearable
        searchable
        w={160}
        onChange={(queue) => onChange({ queue: queue ?? "" })}
      />
      {plain && (
        <Select
          aria-label="Kind"
          placeholder="Any kind"
          data={withPresent(kinds, search.kind)}
          value={search.kind ?? null}
          clearable
          searchable
          w={170}
          onChange={(kind) => onChange({ kind: kind ?? "" })}
        />
      )}
      {plain && (
        <Select
          aria-label="Enqueued"
          placeholder="Any time"
          data={[
            { value: "hour", label: "Last hour" },
            { value: "day", label: "Last 24 hours" },
            { value: "week", label: "Last 7 days" },
            ...(isSet ? [{ value: "set", label: spanText(search) }] : []),
          ]}
          value={isSet ? "set" : null}
          clearable
          w={170}
          onChange={(age) => {
            const span = ages[age ?? ""];
            if (age !== "set")
              onChange({ from: span ? new Date(Date.now() - span).toISOString() : "", to: "" });
          }}
        />
      )}
      {plain && <PayloadText key={connectionId} search={search} onChange={onChange} />}
    </div>
  );
}

/** The span that an address brought along is told whole: commands on all that fit keep to it. */
function spanText({ from, to }: JobSearch): string {
  const ends = [from && `since ${from.slice(0, 16)}Z`, to && `until ${to.slice(0, 16)}Z`].filter(Boolean);
  const text = ends.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Asked for when typing rests, because the server reads every payload for it. */
function PayloadText({ search, onChange }: JobFiltersProps) {
  const [text, setText] = useState(search.text ?? "");
  const ask = useDebouncedCallback((next: string) => onChange({ text: next }), typingMs);
  return (
    <TextInput
      aria-label="Part of the payload"
      placeholder="Part of the payload, such as &quot;order&quot;:42"
      value={text}
      w={240}
      onChange={(event) => {
        setText(event.currentTarget.value);
        ask(event.currentTarget.value);
      }}
    />
  );
}

function withPresent(names: readonly string[], present: string | undefined): string[] {
  return [...new Set([...names, ...(present === undefined ? [] : [present])])].sort();
}

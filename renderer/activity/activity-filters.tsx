import { Button, Select, TextInput } from "@mantine/core";
import { type ActivityQuery, statesOf } from "../../shared/activity/query.ts";
import { operations } from "../../shared/catalogue.ts";
import { activityStates } from "../../shared/contract/index.ts";
import { useTextInAddress } from "../ui/data-table/use-table-address.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import classes from "./activity.module.css";
import { emptyQuery } from "./activity-address.ts";
import { TimeRange } from "./time-range.tsx";

const inFlight = "recorded,sent,acknowledged";
const needsLook = "failed,refused,unknown";

const stateChoices = [
  { value: needsLook, label: "needs a look" },
  { value: inFlight, label: "in flight" },
  ...activityStates.map((state) => ({ value: state, label: state })),
];

const commandChoices = Object.entries(operations)
  .filter(([, { kind }]) => kind === "command")
  .map(([name]) => name)
  .sort();

export interface ActivityFiltersProps {
  query: ActivityQuery;
  onChange: (change: Partial<ActivityQuery>) => void;
  connections: readonly { id: string; name: string }[];
}

/** What of the whole log is shown: state, command, connection, target, words, time; the answer comes from the log itself. */
export function ActivityFilters({ query, onChange, connections }: ActivityFiltersProps) {
  useFilterKeys(onChange);
  const asked = Object.values(query).some((value) => value !== undefined);
  return (
    // biome-ignore lint/a11y/useSemanticElements: the Chromium of Electron 25 does not know <search>
    <div role="search" className={classes.filters} aria-label="Search the log">
      <Choice
        label="State"
        any="Any state"
        value={stateChoiceOf(query)}
        choices={stateChoices}
        onChange={(state) => onChange({ state })}
      />
      <Choice
        label="Command"
        any="Any command"
        value={query.operation}
        choices={commandChoices}
        onChange={(operation) => onChange({ operation })}
      />
      <Choice
        label="Connection"
        any="Any connection"
        value={query.connectionId}
        choices={connectionChoices(connections, query.connectionId)}
        onChange={(connectionId) => onChange({ connectionId })}
      />
      <Words label="Target" value={query.target} onChange={(target) => onChange({ target })} />
      <Words label="Words" value={query.text} onChange={(text) => onChange({ text })} />
      <TimeRange from={query.from} to={query.to} onChange={onChange} />
      {asked && (
        <Button variant="subtle" color="gray" onClick={() => onChange(emptyQuery)}>
          Clear
        </Button>
      )}
    </div>
  );
}

function useFilterKeys(onChange: ActivityFiltersProps["onChange"]): void {
  const group = "Activity";
  useShortcuts([
    {
      id: "only-look",
      label: "Only what needs a look",
      group,
      keys: "s u",
      run: () => onChange({ state: needsLook }),
    },
    {
      id: "only-flight",
      label: "Only what is in flight",
      group,
      keys: "s i",
      run: () => onChange({ state: inFlight }),
    },
    { id: "show-all", label: "All activities", group, keys: "s a", run: () => onChange(emptyQuery) },
  ]);
}

/** States in any order are the same choice; a set of them that has no name is shown as it stands. */
function stateChoiceOf(query: ActivityQuery): string | undefined {
  const sorted = statesOf(query).sort().join(",");
  const known = stateChoices.find(({ value }) => value.split(",").sort().join(",") === sorted);
  return known?.value ?? query.state;
}

function connectionChoices(connections: ActivityFiltersProps["connections"], chosen: string | undefined) {
  const choices = connections.map(({ id, name }) => ({ value: id, label: name }));
  const gone = chosen !== undefined && !choices.some(({ value }) => value === chosen);
  return gone ? [...choices, { value: chosen, label: chosen }] : choices;
}

interface ChoiceProps {
  label: string;
  any: string;
  value: string | undefined;
  choices: readonly (string | { value: string; label: string })[];
  onChange: (value: string | undefined) => void;
}

function Choice({ label, any, value, choices, onChange }: ChoiceProps) {
  const known = choices.some((choice) => (typeof choice === "string" ? choice : choice.value) === value);
  return (
    <Select
      aria-label={label}
      placeholder={any}
      data={value === undefined || known ? choices : [...choices, value]}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      clearable
      searchable
      clearButtonProps={{ "aria-label": `${any} again` }}
      comboboxProps={{ withinPortal: true, width: "max-content", position: "bottom-start" }}
      className={classes.choice}
    />
  );
}

interface WordsProps {
  label: string;
  value: string | undefined;
  onChange: (text: string | undefined) => void;
}

function Words({ label, value, onChange }: WordsProps) {
  const [text, setText] = useTextInAddress(value ?? "", (next) => onChange(next === "" ? undefined : next));
  return (
    <TextInput
      aria-label={label}
      placeholder={`${label}…`}
      value={text}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      className={classes.words}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

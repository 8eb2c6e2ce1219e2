import { ActionIcon, CloseButton, Popover, TextInput } from "@mantine/core";
import { IconHelp, IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useId, useRef } from "react";
import type { FilterProblem } from "../../shared/contract/filter.ts";
import classes from "./filter-field.module.css";
import { useShortcuts } from "./shortcuts.ts";

export interface FilterFieldProps {
  /** What is filtered, such as "hosts". */
  what: string;
  value: string;
  onChange: (text: string) => void;
  problems: readonly FilterProblem[];
  /** The names that can stand before a colon. */
  fields: readonly string[];
  placeholder?: string;
  /** Enter, arrow down, or Escape where it is empty: on to what was found. */
  onLeave?: () => void;
}

/** The filter of a table: `/` goes there, Esc empties and then leaves it; problems stand under it. */
export function FilterField(props: FilterFieldProps) {
  const { what, value, onChange, problems, placeholder, onLeave } = props;
  const input = useRef<HTMLInputElement>(null);
  const described = useId();
  useShortcuts([
    { id: "filter", label: `Filter ${what}`, group: "Table", keys: "/", run: () => input.current?.focus() },
  ]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && value !== "") onChange("");
    else if (event.key === "Escape" && !onLeave) input.current?.blur();
    else if (["Enter", "ArrowDown", "Escape"].includes(event.key)) onLeave?.();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={classes.field}>
      <TextInput
        ref={input}
        type="search"
        aria-label={`Filter ${what}`}
        aria-describedby={problems.length > 0 ? described : undefined}
        error={problems.length > 0}
        placeholder={placeholder ?? "Filter…  /"}
        leftSection={<IconSearch size={14} aria-hidden="true" />}
        rightSection={
          value === "" ? (
            <FilterHelp fields={props.fields} />
          ) : (
            <CloseButton size="xs" aria-label="Clear the filter" onClick={() => onChange("")} />
          )
        }
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {problems.length > 0 && (
        <div id={described} role="status" className={classes.problems}>
          {problems.map((problem) => (
            <div key={`${problem.at} ${problem.message}`}>{problem.message}</div>
          ))}
        </div>
      )}
    </div>
  );
}

const examples = [
  ["hello", "some column has it as a part"],
  ['"two words"', "the same, with the space"],
  ["id:cart", "the column is exactly this"],
  ["id:cart,hello", "one of these"],
  ["image:~2.0", "the column has this part"],
  ["hosts:>5", "the number is greater"],
  ["labels:zone=eu-1", "has this label"],
  ["-id:cart", "the term does not hold"],
] as const;

function FilterHelp({ fields }: { fields: readonly string[] }) {
  return (
    <Popover position="bottom-end" shadow="md" width={380}>
      <Popover.Target>
        <ActionIcon size="sm" aria-label="How to filter">
          <IconHelp size={14} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <dl className={classes.examples}>
          {examples.map(([text, meaning]) => (
            <div key={text}>
              <dt className="mono">{text}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <p className={classes.fields}>
          Columns here: <span className="mono">{fields.join(" ")}</span>
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}

import { ActionIcon, Button, Checkbox, Popover, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconColumns3 } from "@tabler/icons-react";
import { useState } from "react";
import type { DataColumn } from "./column.ts";
import classes from "./data-table.module.css";

interface ColumnsMenuProps<Row> {
  columns: readonly DataColumn<Row>[];
  shown: readonly DataColumn<Row>[];
  onChange: (ids: readonly string[] | undefined) => void;
}

/** Which columns are shown, and in which order. */
export function ColumnsMenu<Row>({ columns, shown, onChange }: ColumnsMenuProps<Row>) {
  const [opened, setOpened] = useState(false);
  const ids = shown.map((column) => column.id);
  const hidden = columns.filter((column) => !ids.includes(column.id));
  const swap = (at: number, by: number) => {
    const next = [...ids];
    next.splice(at + by, 0, ...next.splice(at, 1));
    onChange(next);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus shadow="md">
      <Popover.Target>
        <Tooltip label="Columns">
          <ActionIcon aria-label="Columns" aria-expanded={opened} onClick={() => setOpened(!opened)}>
            <IconColumns3 size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="Columns" className={classes.columnsMenu}>
        {shown.map((column, at) => (
          <div key={column.id} className={classes.columnLine}>
            <Checkbox
              label={column.header}
              checked
              disabled={ids.length === 1}
              onChange={() => onChange(ids.filter((id) => id !== column.id))}
            />
            <MoveButton
              label={`Move ${column.header} up`}
              disabled={at === 0}
              onClick={() => swap(at, -1)}
              up
            />
            <MoveButton
              label={`Move ${column.header} down`}
              disabled={at === ids.length - 1}
              onClick={() => swap(at, 1)}
            />
          </div>
        ))}
        {hidden.map((column) => (
          <div key={column.id} className={classes.columnLine}>
            <Checkbox label={column.header} checked={false} onChange={() => onChange([...ids, column.id])} />
          </div>
        ))}
        <Button variant="default" fullWidth mt="xs" onClick={() => onChange(undefined)}>
          Reset
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

function MoveButton(props: { label: string; disabled: boolean; up?: boolean; onClick: () => void }) {
  return (
    <ActionIcon size="sm" aria-label={props.label} disabled={props.disabled} onClick={props.onClick}>
      {props.up ? <IconChevronUp size={14} /> : <IconChevronDown size={14} />}
    </ActionIcon>
  );
}

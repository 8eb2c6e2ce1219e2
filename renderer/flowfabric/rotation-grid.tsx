import { type KeyboardEvent, useRef } from "react";
import type { RotationPartition } from "../../shared/flowfabric/rotation-schema.ts";
import classes from "./flowfabric.module.css";
import { partitionLooks } from "./rotation-look.ts";

interface RotationGridProps {
  partitions: readonly RotationPartition[];
  chosen: number;
  onChoose: (partition: number) => void;
}

const columns = 16;

const steps: Record<string, number> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -columns,
  ArrowDown: columns,
};

/** One cell a partition, sixteen to a row; arrows move, Home and End go to the ends, Enter opens. */
export function RotationGrid({ partitions, chosen, onChoose }: RotationGridProps) {
  const grid = useRef<HTMLDivElement>(null);
  const focus = (partition: number): void => {
    onChoose(partition);
    grid.current?.querySelector<HTMLElement>(`[data-partition="${partition}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = targetOf(event.key, chosen, partitions.length);
    if (target === undefined) return;
    event.preventDefault();
    focus(target);
  };
  const rows = Array.from({ length: Math.ceil(partitions.length / columns) }, (_, row) =>
    partitions.slice(row * columns, (row + 1) * columns),
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: cells that are moved in by arrows are a grid, not a table of data
    <div
      ref={grid}
      role="grid"
      aria-label="Partitions"
      className={classes.grid}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      {rows.map((row) => (
        // biome-ignore lint/a11y/useSemanticElements: part of the grid
        // biome-ignore lint/a11y/useFocusableInteractive: its cells take the focus
        <div key={row[0]?.partition} role="row" className={classes.gridRow}>
          <span className={classes.gridLabel} aria-hidden="true">
            {row[0]?.partition}
          </span>
          {row.map((cell) => (
            <Cell key={cell.partition} cell={cell} chosen={cell.partition === chosen} onChoose={focus} />
          ))}
        </div>
      ))}
    </div>
  );
}

function Cell(props: { cell: RotationPartition; chosen: boolean; onChoose: (partition: number) => void }) {
  const { cell, chosen, onChoose } = props;
  const look = partitionLooks[cell.state];
  const words = [`Partition ${cell.partition}: ${look.word}`, cell.failure?.message]
    .filter(Boolean)
    .join(". ");
  return (
    // biome-ignore lint/a11y/useSemanticElements: a cell of the grid, which the arrows move in
    <button
      type="button"
      role="gridcell"
      aria-selected={chosen}
      aria-label={words}
      title={words}
      tabIndex={chosen ? 0 : -1}
      data-partition={cell.partition}
      data-tone={look.tone}
      className={classes.cell}
      onClick={() => onChoose(cell.partition)}
    >
      {look.sign}
    </button>
  );
}

function targetOf(key: string, from: number, count: number): number | undefined {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = steps[key];
  if (step === undefined) return undefined;
  const target = from + step;
  return target >= 0 && target < count ? target : undefined;
}

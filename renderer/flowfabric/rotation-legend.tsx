import {
  countPartitions,
  partitionStates,
  type RotationRow,
} from "../../shared/flowfabric/rotation-schema.ts";
import { formatCount } from "../ui/format.ts";
import classes from "./flowfabric.module.css";
import { partitionLooks } from "./rotation-look.ts";

/** How many partitions are in each state, with the signs of the grid. */
export function RotationLegend({ row }: { row: RotationRow }) {
  const counts = countPartitions(row);
  const shown = partitionStates.filter((state) => counts[state] > 0);
  return (
    <ul className={classes.legend} aria-label="Partitions by state">
      {shown.map((state) => (
        <li key={state}>
          <span className={classes.sign} data-tone={partitionLooks[state].tone} aria-hidden="true">
            {partitionLooks[state].sign}
          </span>
          <b>{formatCount(counts[state])}</b> {partitionLooks[state].word}
        </li>
      ))}
    </ul>
  );
}

import type { RotationRow } from "../../shared/flowfabric/rotation-schema.ts";
import { useNow } from "../state/clock.ts";
import { formatDuration } from "../ui/format.ts";
import { ExactTime } from "../ui/relative-time.tsx";
import classes from "./flowfabric.module.css";

/** How long the previous key still verifies, as a bar that runs down. */
export function GraceBar({ row }: { row: RotationRow }) {
  const now = useNow();
  const { endsAt, milliseconds, known } = row.grace;
  if (endsAt === undefined) return null;
  const left = Date.parse(endsAt) - now;
  const share = Math.max(0, Math.min(1, left / milliseconds));
  return (
    <div className={classes.grace}>
      <div className={classes.graceText}>
        {left > 0 ? (
          <>
            Previous key still taken for <b>{formatDuration(left)}</b>
          </>
        ) : (
          <b>The grace of the previous key is over</b>
        )}{" "}
        <span className={classes.hint}>
          until <ExactTime at={endsAt} />
          {!known &&
            row.readBack === undefined &&
            ", assuming the default grace of 24 h, which HTTP does not report"}
        </span>
      </div>
      <div
        className={classes.graceBar}
        role="progressbar"
        aria-label="Grace left"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <span style={{ inlineSize: `${share * 100}%` }} />
      </div>
    </div>
  );
}

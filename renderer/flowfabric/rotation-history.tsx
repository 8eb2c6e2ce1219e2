import type { RotationRow } from "../../shared/flowfabric/rotation-schema.ts";
import { ExactTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./flowfabric.module.css";
import { progressText, rotationLook } from "./rotation-look.ts";

interface RotationHistoryProps {
  rows: readonly RotationRow[];
  shown: string | undefined;
  onShow: (id: string) => void;
}

/** All rotations made from here, newest first. */
export function RotationHistory({ rows, shown, onShow }: RotationHistoryProps) {
  return (
    <section className={classes.panel} aria-label="History">
      <h2>History</h2>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Key</th>
            <th>State</th>
            <th>Started</th>
            <th>Way</th>
            <th data-align="end">Partitions</th>
            <th data-align="end">Attempts</th>
            <th>Before</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} data-shown={row.id === shown || undefined}>
              <td>
                <button
                  type="button"
                  className={classes.link}
                  aria-current={row.id === shown ? "true" : undefined}
                  onClick={() => onShow(row.id)}
                >
                  <code>{row.keyId}</code>
                </button>
              </td>
              <td>
                <StatusBadge state={rotationLook(row)} />
              </td>
              <td>
                <ExactTime at={row.startedAt} />
              </td>
              <td>{row.way}</td>
              <td data-align="end">{progressText(row)}</td>
              <td data-align="end">{row.attempts.length}</td>
              <td>
                <code>{row.previousKeyIds.join(", ") || "–"}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

import type { WorkloadResult } from "../../shared/flux/schema.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./flux.module.css";
import { resultLook } from "./flux-look.ts";

/** What became of each workload that a change concerned; nothing where it concerned none. */
export function ResultTable({ results, title }: { results: readonly WorkloadResult[]; title?: string }) {
  const told = results.filter(({ status }) => status !== "ignored");
  if (told.length === 0) return null;
  const table = (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>Workload</th>
          <th>Outcome</th>
        </tr>
      </thead>
      <tbody>
        {told.map(({ id, status, error, containers }) => (
          <tr key={id}>
            <td>
              {id}
              {containers.map(({ container, target }) => (
                <div key={container} className={classes.mono}>
                  {container}: {target}
                </div>
              ))}
            </td>
            <td>
              <StatusBadge
                state={resultLook(status)}
                label={status === "success" ? "done" : resultLook(status).word}
              />
              <div className={classes.hint}>{error}</div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
  return title ? <DrawerSection title={title}>{table}</DrawerSection> : table;
}

import type { LabelPreview } from "../../../shared/lattice/host-operations.ts";
import { LoadingSkeleton } from "../../ui/loading-skeleton.tsx";
import { Notice } from "../../ui/notice.tsx";
import list from "../lattice.module.css";
import { PreviewWarnings } from "../scale/preview-list.tsx";
import type { Previews } from "../use-previews.ts";
import { effectText } from "./label-plan.ts";
import classes from "./labels.module.css";

const most = 200;

/** What a change of a label does to each host; where a host would refuse it, why. */
export function LabelPreviews({ previews }: { previews: Previews<LabelPreview> }) {
  const rows = previews.previews;
  const refused = rows.filter((row) => row.refused);
  if (rows.length === 0 && previews.failed.length === 0) return <LoadingSkeleton rows={2} />;
  return (
    <div className={classes.previews} aria-busy={previews.pending}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className={classes.rows} tabIndex={0} aria-label="Host by host">
        <table className={list.list}>
          <thead>
            <tr>
              <th>Host</th>
              <th>Now</th>
              <th>After</th>
              <th>Effect</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map((row) => (
              <tr key={row.hostId}>
                <td>{row.hostName}</td>
                <td className="mono">{row.now ?? "not set"}</td>
                <td className="mono">{row.after ?? "not set"}</td>
                <td className={row.refused ? classes.refused : undefined}>{effectText(row)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {refused.length > 0 && (
        <Notice slim tone="bad" shape="forbidden" title={refused[0]?.refused}>
          {refused.length === rows.length
            ? "Nothing is sent. Use a label of your own, such as zone."
            : `It is not sent to ${refused.length} of the ${rows.length} hosts.`}
        </Notice>
      )}
      <PreviewWarnings previews={{ failed: previews.failed, previews: rows.filter((row) => !row.refused) }} />
    </div>
  );
}

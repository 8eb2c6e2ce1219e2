import { useMemo } from "react";
import type { ScalePreview } from "../../../shared/lattice/schema.ts";
import { formatCount, formatQuantity } from "../../ui/format.ts";
import { LoadingSkeleton } from "../../ui/loading-skeleton.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { Previews } from "../use-previews.ts";
import { groupPreviews } from "./preview-groups.ts";
import { PreviewTable } from "./preview-table.tsx";
import classes from "./scale.module.css";

const mostGroups = 6;

/** What would change on which hosts; hosts for which it is the same stand together. */
export function PreviewGroups({ previews, of }: { previews: Previews<ScalePreview>; of: number }) {
  const groups = useMemo(() => groupPreviews(previews.previews), [previews.previews]);
  const first = previews.previews.length === 0 && previews.failed.length === 0 && previews.pending;
  return (
    <>
      {previews.pending && previews.answered > 0 && (
        <p role="status">
          Previewed {formatCount(previews.answered)} of {formatQuantity(of, "host")}…
        </p>
      )}
      {first && <LoadingSkeleton rows={3} />}
      <div className={previews.pending ? classes.pending : undefined} aria-busy={previews.pending}>
        {groups.slice(0, mostGroups).map((group) => (
          <PreviewTable key={group.hosts[0]?.id} group={group} of={of} />
        ))}
        {groups.length > mostGroups && (
          <p>
            {groups.length - mostGroups} more groups of hosts differ in other ways; choose fewer hosts to see
            them.
          </p>
        )}
      </div>
    </>
  );
}

interface PreviewWarningsProps {
  previews: Pick<Previews<{ warnings: readonly string[] }>, "previews" | "failed">;
  /** Comes before what the previews say. */
  text?: string | undefined;
}

/** What has to be known before the button is pressed, once each. */
export function PreviewWarnings({ previews, text }: PreviewWarningsProps) {
  const said = [...new Set(previews.previews.flatMap((preview) => preview.warnings))];
  const all = text ? [text, ...said] : said;
  return (
    <div className={classes.warnings}>
      {all.map((warning) => (
        <Notice key={warning} slim tone="warn" shape="bang" title={warning} />
      ))}
      {previews.failed.length > 0 && (
        <Notice
          slim
          tone="bad"
          shape="cross"
          title={`No preview for ${previews.failed.length} of the hosts: ${previews.failed[0]?.failure.message}`}
        />
      )}
    </div>
  );
}

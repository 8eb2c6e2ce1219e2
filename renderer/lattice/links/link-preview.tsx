import { Button } from "@mantine/core";
import type { LinkPreview } from "../../../shared/lattice/link-operations.ts";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import type { Preview } from "../../client/use-preview.ts";
import { FailureNotice } from "../../ui/failure-notice.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { GlyphShape, Tone } from "../../ui/state-look.ts";
import { type ComparisonLine, ComparisonTable } from "../comparison-table.tsx";
import { witOf } from "./link-views.ts";
import classes from "./links.module.css";

interface LinkPreviewViewProps {
  preview: Preview<"lattice.links.preview-put">;
  link: LinkRow;
  /** Shows the link that stands in the way. */
  onShow: (link: LinkRow) => void;
}

const looks: Record<LinkPreview["effect"], { tone: Tone; shape: GlyphShape }> = {
  new: { tone: "flight", shape: "ring" },
  replaces: { tone: "warn", shape: "bang" },
  same: { tone: "idle", shape: "ring" },
  conflict: { tone: "bad", shape: "cross" },
};

/** What a put would do: a new link, one replaced, nothing new, or a conflict with the one that is named. */
export function LinkPreviewView({ preview, link, onShow }: LinkPreviewViewProps) {
  const { data, failure, pending } = preview;
  if (!data && !failure) {
    const hint = pending
      ? "Asking what it would do…"
      : "Fill in both ends and the package to see what it would do.";
    return (
      <div className={classes.preview} role="status">
        {hint}
      </div>
    );
  }
  return (
    <div className={classes.preview} aria-busy={pending}>
      {failure && <FailureNotice slim what="There is no preview" failure={failure} />}
      {data && (
        <div className={pending ? classes.pending : undefined}>
          <Effect preview={data} link={link} onShow={onShow} />
        </div>
      )}
      {data?.warnings.map((warning) => (
        <Notice key={warning} slim tone="warn" shape="question" title={warning} />
      ))}
    </div>
  );
}

function Effect(props: { preview: LinkPreview; link: LinkRow; onShow: (link: LinkRow) => void }) {
  const { preview, link, onShow } = props;
  const { effect, existing, message } = preview;
  return (
    <>
      <Notice
        role="status"
        {...looks[effect]}
        title={effect === "conflict" ? "Conflict: this link cannot be put" : message}
        actions={
          effect === "conflict" &&
          existing && (
            <Button variant="default" onClick={() => onShow(existing)}>
              Show that link
            </Button>
          )
        }
      >
        {effect === "conflict" &&
          `${message} A source has one target per interface and link name. Delete that link first, leave the interface out, or use another link name.`}
      </Notice>
      {effect === "replaces" && existing && (
        <ComparisonTable label="What is replaced" nameHeading="Field" lines={comparison(existing, link)} />
      )}
      {effect === "conflict" && existing && (
        <p className="mono">
          {existing.sourceId} → {existing.target} · {witOf(existing)}/{existing.interfaces.join(", ")} ·{" "}
          {existing.name}
        </p>
      )}
    </>
  );
}

const compared = [
  ["interfaces", "Interfaces"],
  ["sourceConfig", "Source config"],
  ["targetConfig", "Target config"],
] as const;

function comparison(before: LinkRow, after: LinkRow): ComparisonLine[] {
  return compared.map(([field, name]) => {
    const lost = before[field].filter((one) => !after[field].includes(one));
    const same = before[field].join() === after[field].join();
    return {
      name,
      now: before[field].join(", ") || "none",
      after: after[field].join(", ") || "none",
      effect: same ? "same" : lost.length > 0 ? "removed" : "changed",
      note: lost.length > 0 ? `loses ${lost.join(", ")}` : undefined,
    };
  });
}

import { sameImage } from "../../shared/flux/image-reference.ts";
import type { FluxContainerImages } from "../../shared/flux/schema.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import classes from "./flux.module.css";
import { ImageList } from "./image-list.tsx";
import type { WorkloadView } from "./use-daemon-lists.ts";

interface AvailableImagesProps {
  workload: Pick<WorkloadView, "id" | "daemonId"> & Partial<Pick<WorkloadView, "refusal" | "ignored">>;
  /** Only this one of its containers. */
  container?: string;
  /** Absent: nothing can be released from here. */
  onRelease?: (image: string) => void;
}

/** What the registry offers for the containers of one workload, asked when it is looked at. */
export function AvailableImages({ workload, container, onRelease }: AvailableImagesProps) {
  const { connectionId } = useSystem("flux");
  const { id, daemonId, refusal, ignored = false } = workload;
  const found = useOperation("flux.images.list", { connectionId, daemonId, workload: id }, { once: true });
  const release = refusal === undefined && !ignored ? onRelease : undefined;
  const shown = (found.data ?? []).filter((images) => !container || images.container === container);
  return (
    <DrawerSection title="Images">
      {found.isPending && <LoadingSkeleton rows={3} />}
      {found.error && (
        <FailureNotice
          slim
          what="The images could not be read"
          failure={found.error.toData()}
          onRetry={() => void found.refetch()}
        />
      )}
      {shown.map((images) => (
        <div key={images.container}>
          <strong>{images.container}</strong> <span className={classes.hint}>{countWords(images)}</span>
          <ImageList images={images} onRelease={release} />
        </div>
      ))}
    </DrawerSection>
  );
}

/** How many newer ones there are, and whether the filter lets them pass. */
function countWords({ counts, pattern, running, latestFiltered }: FluxContainerImages): string {
  const newest = latestFiltered.reference !== "" && sameImage(latestFiltered.reference, running);
  if (newest) return `newest that ${pattern} lets pass`;
  if (counts.newFiltered > 0) return `${counts.newFiltered} newer that ${pattern} lets pass`;
  return counts.newAvailable > 0
    ? `${counts.newAvailable} newer, none of which ${pattern} lets pass`
    : pattern;
}

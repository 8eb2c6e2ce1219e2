import { Button } from "@mantine/core";
import { useState } from "react";
import { useOperation } from "../client/query.ts";
import { useSelection } from "../state/selection.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { ExactTime } from "../ui/relative-time.tsx";
import classes from "./lattice.module.css";

/** A host's inventory as the host itself sends it, read when asked for. */
export function HostJson({ hostId }: { hostId: string }) {
  const [asked, setAsked] = useState(false);
  const { connectionId, lattice } = useSelection();
  const read = useOperation("lattice.hosts.get", { connectionId, lattice, hostId }, { enabled: asked });
  const again = () => (asked ? void read.refetch() : setAsked(true));
  return (
    <DrawerSection
      title="JSON"
      actions={
        <Button size="compact-xs" variant="subtle" loading={read.isFetching} onClick={again}>
          {asked ? "Refresh" : "Read from the host"}
        </Button>
      }
    >
      {!asked && (
        <span className={classes.hint}>The inventory in the host's own words, asked for on demand.</span>
      )}
      {asked && read.isPending && <LoadingSkeleton rows={4} />}
      {read.error && (
        <FailureNotice
          what="The host's inventory could not be read"
          failure={read.error.toData()}
          onRetry={again}
        />
      )}
      {read.data && (
        <>
          <div className={classes.hint}>
            Read at <ExactTime at={read.data.readAt} />
          </div>
          <JsonView value={read.data.raw} label="Inventory" />
        </>
      )}
    </DrawerSection>
  );
}

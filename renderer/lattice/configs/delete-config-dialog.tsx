import { useState } from "react";
import { useOperation } from "../../client/query.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { FailureNotice } from "../../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../../ui/loading-skeleton.tsx";
import { Notice } from "../../ui/notice.tsx";
import { ConfigUsageList, inUseText } from "./config-usage.tsx";

/** Deletes a config, with who uses it: nothing in the lattice would object. */
export function DeleteConfigDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { connectionId, lattice, profile } = useSelection();
  const [sent, setSent] = useState(false);
  const usage = useOperation("lattice.configs.usage", { connectionId, lattice, name }, { enabled: !sent });
  const users = usage.data && inUseText(usage.data);
  return (
    <CommandDialog
      title={`Delete the config ${name}`}
      name="lattice.configs.delete"
      place={placeOf(profile)}
      inputs={[{ connectionId, lattice, name }]}
      itemHeading="Config"
      itemLabel={(input) => input.name}
      actionLabel={`Delete config ${name}`}
      destructive
      disabled={usage.isPending}
      onSend={() => setSent(true)}
      onClose={onClose}
    >
      {users && (
        <Notice role="status" tone="bad" shape="bang" title={users}>
          Nothing keeps a config that is in use. Who uses it sees an empty one at once; a component or
          provider that names it cannot be started again, and a link that names it cannot be put again.
        </Notice>
      )}
      {usage.isPending && <LoadingSkeleton rows={2} />}
      {usage.error && <FailureNotice slim what="Who uses it is not known" failure={usage.error.toData()} />}
      {usage.data && <ConfigUsageList usage={usage.data} plain />}
    </CommandDialog>
  );
}

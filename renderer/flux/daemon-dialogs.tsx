import { SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import type { InputFor } from "../../shared/catalogue.ts";
import type { FluxDaemonRow } from "../../shared/flux/schema.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { Notice } from "../ui/notice.tsx";
import { CauseFields } from "./cause-fields.tsx";
import classes from "./flux.module.css";
import { useCause } from "./use-cause.ts";

interface DialogProps {
  daemon: FluxDaemonRow;
  onClose: () => void;
}

/** Lets a daemon fetch and apply at once. */
export function SyncDialog({ daemon, onClose }: DialogProps) {
  const { connectionId, place } = useSystem("flux");
  const cause = useCause();
  const { sync } = daemon;
  return (
    <CommandDialog
      title={`Sync ${daemon.name} now`}
      name="flux.sync.start"
      place={place}
      inputs={
        cause.problem
          ? undefined
          : [{ connectionId, daemonId: daemon.id, user: cause.user, message: cause.message }]
      }
      itemHeading="Daemon"
      itemLabel={() => daemon.name}
      actionLabel={`Sync ${daemon.name} now`}
      onClose={onClose}
    >
      <div className={classes.form}>
        <p>
          The daemon fetches <code>{daemon.repository?.branch}</code> of its repository and applies what is
          new. {sync?.state === "pending" && `${sync.pendingCount} commits are waiting already.`}
        </p>
        <CauseFields cause={cause} messageLabel="Message" />
      </div>
    </CommandDialog>
  );
}

/** Replaces the key of a daemon's repository. */
export function RotateKeyDialog({ daemon, onClose }: DialogProps) {
  const { connectionId, place } = useSystem("flux");
  return (
    <CommandDialog
      title={`Make a new SSH key for ${daemon.name}`}
      name="flux.repo.rotate-key"
      place={place}
      inputs={[{ connectionId, daemonId: daemon.id }]}
      itemHeading="Daemon"
      itemLabel={() => daemon.name}
      actionLabel={`Replace the SSH key of ${daemon.name}`}
      destructive
      onClose={onClose}
    >
      <Notice tone="bad" shape="bang" title="The present key is gone at once">
        The daemon cannot reach <code>{daemon.repository?.url}</code> until the new public key is installed
        there. Keep that page open before you go on.
      </Notice>
    </CommandDialog>
  );
}

type Change = InputFor<"flux.notify">["change"];

/** Lets a daemon look for a change now instead of at its next poll. */
export function NotifyDialog({ daemon, onClose }: DialogProps) {
  const { connectionId, place } = useSystem("flux");
  const [kind, setKind] = useState<"git" | "image">("git");
  const [image, setImage] = useState("");
  const noImages = (daemon.protocol ?? 0) < 9;
  const change: Change | undefined =
    kind === "git" ? { kind } : image.trim() === "" ? undefined : { kind, image: image.trim() };
  return (
    <CommandDialog
      title={`Notify ${daemon.name} of a change`}
      name="flux.notify"
      place={place}
      inputs={change && [{ connectionId, daemonId: daemon.id, change }]}
      itemHeading="Daemon"
      itemLabel={() => daemon.name}
      actionLabel={
        kind === "git" ? `Notify ${daemon.name} of a change in git` : `Notify ${daemon.name} of the image`
      }
      onClose={onClose}
    >
      <div className={classes.form}>
        <p>
          It looks now instead of at its next poll. It makes no job of this, so there is nothing to follow.
        </p>
        <SegmentedControl
          aria-label="What has changed"
          value={kind}
          onChange={(value) => setKind(value as "git" | "image")}
          data={[
            { value: "git", label: "Its repository" },
            { value: "image", label: "An image", disabled: noImages },
          ]}
        />
        {noImages && <span className={classes.hint}>Daemons before V9 take no notices about images.</span>}
        {kind === "image" && (
          <TextInput
            label="Image"
            description="Without a tag"
            placeholder="registry.example.com/shop/checkout"
            required
            spellCheck={false}
            value={image}
            onChange={(event) => setImage(event.currentTarget.value)}
          />
        )}
      </div>
    </CommandDialog>
  );
}

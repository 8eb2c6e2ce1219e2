import { Modal } from "@mantine/core";
import { useState } from "react";
import type { IssuedToken } from "../../shared/flux/listener-operations.ts";
import type { FluxDaemonRow } from "../../shared/flux/schema.ts";
import { useCommand } from "../client/query.ts";
import { useGuardedPlace } from "../command/use-guarded-place.ts";
import { useSystem } from "../state/selection.ts";
import { type GuardAnswer, GuardedActions } from "../ui/guarded-actions.tsx";
import classes from "./flux.module.css";
import { IssuedTokenView } from "./issued-token.tsx";

interface TokenDialogProps {
  daemon: FluxDaemonRow;
  onClose: () => void;
}

/** Replaces a daemon's token; the former one ends at once. */
export function RenewTokenDialog({ daemon, onClose }: TokenDialogProps) {
  const { connectionId, profile } = useSystem("flux");
  const place = useGuardedPlace(profile);
  const renew = useCommand("flux.daemons.renew-token");
  const [issued, setIssued] = useState<IssuedToken>();
  const run = (answer: GuardAnswer) =>
    void renew
      .run({ connectionId, daemonId: daemon.id }, answer)
      .then(setIssued)
      .catch(() => undefined);
  return (
    <Modal
      opened
      onClose={onClose}
      size={620}
      closeOnClickOutside={!issued}
      closeOnEscape={!issued}
      title={`New token for ${daemon.name}`}
    >
      {issued ? (
        <IssuedTokenView issued={issued} onClose={onClose} />
      ) : (
        <div className={classes.form}>
          <p>
            The present token ends at once: the daemon is dropped and stays out until fluxd has the new one.
          </p>
          <GuardedActions
            place={place}
            actionLabel={`Replace the token of ${daemon.name}`}
            destructive
            pending={renew.pending}
            failure={renew.failure}
            onConfirm={run}
            onCancel={onClose}
          />
        </div>
      )}
    </Modal>
  );
}

/** Takes a daemon's token away. */
export function RemoveDaemonDialog({ daemon, onClose }: TokenDialogProps) {
  const { connectionId, profile } = useSystem("flux");
  const place = useGuardedPlace(profile, { mayLiftReadOnly: true });
  const remove = useCommand("flux.daemons.remove");
  const run = (answer: GuardAnswer) =>
    void remove
      .run({ connectionId, daemonId: daemon.id }, answer)
      .then(onClose)
      .catch(() => undefined);
  return (
    <Modal opened onClose={onClose} size={520} title={`Remove ${daemon.name}`}>
      <div className={classes.form}>
        <p>Its token is revoked and its connection dropped. What runs in its cluster is not touched.</p>
        <GuardedActions
          place={place}
          actionLabel={`Revoke the token of ${daemon.name}`}
          destructive
          pending={remove.pending}
          failure={remove.failure}
          onConfirm={run}
          onCancel={onClose}
        />
      </div>
    </Modal>
  );
}

import { Button, Group, Modal } from "@mantine/core";
import { useState } from "react";
import type { IssuedToken } from "../../shared/flux/listener-operations.ts";
import type { FluxDaemonRow } from "../../shared/flux/schema.ts";
import { useCommand } from "../client/query.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import classes from "./flux.module.css";
import { IssuedTokenView } from "./issued-token.tsx";
import { useFlux } from "./use-flux.ts";

interface TokenDialogProps {
  daemon: FluxDaemonRow;
  onClose: () => void;
}

/** Replaces a daemon's token; the former one ends at once. */
export function RenewTokenDialog({ daemon, onClose }: TokenDialogProps) {
  const { connectionId } = useFlux();
  const renew = useCommand("flux.daemons.renew-token");
  const [issued, setIssued] = useState<IssuedToken>();
  const run = () =>
    void renew
      .run({ connectionId, daemonId: daemon.id })
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
          {renew.failure && <FailureNotice failure={renew.failure} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} data-autofocus>
              Cancel
            </Button>
            <Button color="red" loading={renew.pending} onClick={run}>
              Replace the token of {daemon.name}
            </Button>
          </Group>
        </div>
      )}
    </Modal>
  );
}

/** Takes a daemon's token away. */
export function RemoveDaemonDialog({ daemon, onClose }: TokenDialogProps) {
  const { connectionId } = useFlux();
  const remove = useCommand("flux.daemons.remove");
  const run = () =>
    void remove
      .run({ connectionId, daemonId: daemon.id })
      .then(onClose)
      .catch(() => undefined);
  return (
    <Modal opened onClose={onClose} size={520} title={`Remove ${daemon.name}`}>
      <div className={classes.form}>
        <p>Its token is revoked and its connection dropped. What runs in its cluster is not touched.</p>
        {remove.failure && <FailureNotice failure={remove.failure} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="red" loading={remove.pending} onClick={run}>
            Revoke the token of {daemon.name}
          </Button>
        </Group>
      </div>
    </Modal>
  );
}

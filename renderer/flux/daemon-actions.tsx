import type { FluxDaemonRow } from "../../shared/flux/schema.ts";
import type { Action } from "../command/action.ts";
import { AddDaemonDialog } from "./add-daemon-dialog.tsx";
import { NotifyDialog, RotateKeyDialog, SyncDialog } from "./daemon-dialogs.tsx";
import { ReleaseDialog } from "./release-dialog.tsx";
import { RemoveDaemonDialog, RenewTokenDialog } from "./token-dialogs.tsx";

const unlessConnected = ([daemon]: readonly FluxDaemonRow[]) =>
  daemon?.status === "connected" ? undefined : `${daemon?.name} is not connected.`;

/** Replaces the key with which a daemon reaches its repository. */
export const rotateKey: Action<FluxDaemonRow> = {
  id: "daemon-rotate-key",
  operation: "flux.repo.rotate-key",
  verb: "Rotate key",
  synonyms: "new ssh replace",
  label: ([daemon]) => `Make a new SSH key for ${daemon?.name}`,
  button: () => "Make a new SSH key…",
  secondary: true,
  destructive: true,
  refusal: unlessConnected,
  Dialog: ({ things: [daemon], onClose }) => daemon && <RotateKeyDialog daemon={daemon} onClose={onClose} />,
};

/** What a daemon can be told. */
export const toldDaemonActions: readonly Action<FluxDaemonRow>[] = [
  {
    id: "daemon-release",
    operation: "flux.release",
    verb: "Release",
    synonyms: "deploy update images",
    label: ([daemon]) => `Release images at ${daemon?.name}`,
    primary: true,
    refusal: unlessConnected,
    Dialog: ({ things: [daemon], onClose }) =>
      daemon && (
        <ReleaseDialog
          targets={[
            {
              daemonId: daemon.id,
              daemonName: daemon.name,
              protocol: daemon.protocol ?? 0,
              workloads: undefined,
            },
          ]}
          onClose={onClose}
        />
      ),
  },
  {
    id: "daemon-sync",
    operation: "flux.sync.start",
    verb: "Sync now",
    synonyms: "apply pull",
    label: ([daemon]) => `Sync ${daemon?.name} now`,
    refusal: unlessConnected,
    Dialog: ({ things: [daemon], onClose }) => daemon && <SyncDialog daemon={daemon} onClose={onClose} />,
  },
  {
    id: "daemon-notify",
    operation: "flux.notify",
    verb: "Notify",
    synonyms: "tell poll",
    label: ([daemon]) => `Notify ${daemon?.name} of a change`,
    button: () => "Notify of a change…",
    secondary: true,
    refusal: unlessConnected,
    Dialog: ({ things: [daemon], onClose }) => daemon && <NotifyDialog daemon={daemon} onClose={onClose} />,
  },
  rotateKey,
];

/** The same, and what changes its token: not for the playground's daemons, which have their own. */
export const daemonActions: readonly Action<FluxDaemonRow>[] = [
  ...toldDaemonActions,
  {
    id: "daemon-renew",
    operation: "flux.daemons.renew-token",
    verb: "New token",
    synonyms: "renew rotate",
    label: ([daemon]) => `Make a new token for ${daemon?.name}`,
    secondary: true,
    Dialog: ({ things: [daemon], onClose }) =>
      daemon && <RenewTokenDialog daemon={daemon} onClose={onClose} />,
  },
  {
    id: "daemon-remove",
    operation: "flux.daemons.remove",
    verb: "Remove",
    synonyms: "delete forget",
    label: ([daemon]) => `Remove ${daemon?.name}`,
    secondary: true,
    destructive: true,
    Dialog: ({ things: [daemon], onClose }) =>
      daemon && <RemoveDaemonDialog daemon={daemon} onClose={onClose} />,
  },
];

/** Makes a token for another daemon. */
export const addDaemon: Action<never> = {
  id: "daemon-add",
  operation: "flux.daemons.add",
  verb: "Add daemon",
  synonyms: "new token",
  label: () => "Add a daemon",
  key: "n",
  primary: true,
  Dialog: ({ onClose }) => <AddDaemonDialog onClose={onClose} />,
};

import type { HostRow, ProviderRow } from "../../shared/lattice/schema.ts";
import type { Action } from "../command/action.ts";
import { formatQuantity } from "../ui/format.ts";
import { hostsText } from "./component-actions.tsx";
import { StartProviderDialog } from "./start/start-provider-dialog.tsx";
import { StopProvidersDialog } from "./stop/stop-providers-dialog.tsx";

/** What can be done with a provider on its host, or with several. */
export const providerActions: readonly Action<ProviderRow>[] = [
  {
    id: "provider-stop",
    operation: "lattice.providers.stop",
    verb: "Stop",
    synonyms: "kill remove",
    label: ([row, ...more]) =>
      more.length > 0 ? `Stop ${formatQuantity(more.length + 1, "provider")}` : `Stop provider ${row?.id}`,
    button: ([row]) => `Stop on ${row?.hostName}…`,
    key: "x",
    bulk: true,
    destructive: true,
    Dialog: ({ things, onClose }) => <StopProvidersDialog rows={things} onClose={onClose} />,
  },
];

/** Starts a provider, on hosts that are chosen already where there are any. */
export const startProvider: Action<HostRow> = {
  id: "provider-start",
  operation: "lattice.providers.start",
  verb: "Start a provider",
  synonyms: "new run",
  label: (hosts) => (hosts.length === 0 ? "Start a provider" : `Start a provider on ${hostsText(hosts)}`),
  key: "n",
  primary: true,
  bulk: true,
  Dialog: ({ things, onClose }) => (
    <StartProviderDialog hostIds={things.map(({ id }) => id)} onClose={onClose} />
  ),
};

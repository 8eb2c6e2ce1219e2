import { PartialNotice } from "../ui/partial-notice.tsx";
import { useLatticeRow } from "./use-lattice-topic.ts";

/** What the lists of this lattice leave out: hosts that did not answer. */
export function LatticeNotices() {
  const lattice = useLatticeRow();
  if (!lattice) return null;
  const { live, stale, lost } = lattice.hosts;
  return (
    <PartialNotice
      what="hosts"
      total={live + stale + lost}
      missing={lattice.silentHosts.map((host) => ({
        name: host.friendlyName || host.id,
        message: host.message,
      }))}
    />
  );
}

import { Notice } from "../ui/notice.tsx";
import { PartialNotice } from "../ui/partial-notice.tsx";
import { useLatticeRow } from "./use-lattice-topic.ts";

/** What the lists of this lattice leave out or cannot know: what could not be read, and hosts for which there is no room. */
export function LatticeNotices() {
  const lattice = useLatticeRow();
  if (!lattice) return null;
  const { live, stale, lost } = lattice.hosts;
  return (
    <>
      {lattice.message && (
        <Notice
          slim
          role="status"
          tone="warn"
          shape="question"
          title="This lattice could not be read completely"
        >
          {lattice.message}
        </Notice>
      )}
      <PartialNotice
        what="hosts"
        total={live + stale + lost}
        missing={lattice.silentHosts.map((host) => ({
          name: host.friendlyName || host.id,
          message: host.message,
        }))}
      />
      {lattice.hostsFull && (
        <Notice
          slim
          role="status"
          tone="warn"
          shape="question"
          title="Not every host is listed: there are too many, or too many that only events name"
        >
          Hosts that answer are listed first. Events can be published by whoever may use this lattice's NATS.
        </Notice>
      )}
    </>
  );
}

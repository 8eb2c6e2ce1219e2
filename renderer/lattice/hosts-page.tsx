import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";

/** Hosts. */
export function HostsPage() {
  return (
    <Page title="Hosts">
      <LoadingSkeleton />
    </Page>
  );
}

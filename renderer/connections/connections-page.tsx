import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";

/** Connections. */
export function ConnectionsPage() {
  return (
    <Page title="Connections">
      <LoadingSkeleton />
    </Page>
  );
}

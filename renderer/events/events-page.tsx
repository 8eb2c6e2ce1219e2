import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";

/** Events. */
export function EventsPage() {
  return (
    <Page title="Events">
      <LoadingSkeleton />
    </Page>
  );
}

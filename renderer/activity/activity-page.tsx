import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";

/** Activity. */
export function ActivityPage() {
  return (
    <Page title="Activity">
      <LoadingSkeleton />
    </Page>
  );
}

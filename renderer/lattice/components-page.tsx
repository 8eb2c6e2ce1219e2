import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";

/** Components. */
export function ComponentsPage() {
  return (
    <Page title="Components">
      <LoadingSkeleton />
    </Page>
  );
}

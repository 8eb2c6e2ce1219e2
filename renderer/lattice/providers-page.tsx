import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";

/** Providers. */
export function ProvidersPage() {
  return (
    <Page title="Providers">
      <LoadingSkeleton />
    </Page>
  );
}

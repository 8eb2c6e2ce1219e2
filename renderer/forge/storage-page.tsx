import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import type { OutputFor } from "../../shared/catalogue.ts";
import { hasLevel, levelText } from "../../shared/forge/level.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { CleanupDialog } from "./cleanup-dialog.tsx";
import classes from "./forge.module.css";

type Server = OutputFor<"forge.server.get">;

/** What the server is and where it keeps its jobs; and removing what is old. */
export function StoragePage() {
  const { connectionId, isOpen } = useSystem("forge");
  const { data, error, refetch } = useOperation("forge.server.get", { connectionId }, { enabled: isOpen });
  const [cleaning, setCleaning] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <Page
      title="Storage"
      counts={data && `${data.storage.backend} behind ${data.address}`}
      scroll
      actions={
        data &&
        hasLevel(data.level, "0.2.0") && (
          <Button ref={button} variant="default" disabled={!isOpen} onClick={() => setCleaning(true)}>
            Clean up…
          </Button>
        )
      }
      notices={data && <OpenNotice server={data} />}
    >
      {error && <FailureNotice failure={error.toData()} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingSkeleton rows={5} />}
      {data && (
        <div className={classes.panels}>
          <section className={classes.panel}>
            <h2>Server</h2>
            <Facts
              facts={[
                ["Address", <code key="address">{data.address}</code>],
                ["forge-jobs", `${levelText(data.level)} (detected from its API)`],
                ["Health", data.health],
                [
                  "Signs in",
                  data.authenticated ? "with the connection's secret, for a proxy in front" : "none",
                ],
              ]}
            />
          </section>
          <section className={classes.panel}>
            <h2>
              Database <span>{data.storage.backend}</span>
            </h2>
            <Facts facts={data.storage.fields.map(({ name, value }) => [name, value] as const)} />
          </section>
        </div>
      )}
      {cleaning && <CleanupDialog returnTo={button} onClose={() => setCleaning(false)} />}
    </Page>
  );
}

function OpenNotice({ server }: { server: Server }) {
  if (server.authenticated || !server.sharedNetwork) return null;
  return (
    <Notice slim tone="warn" shape="bang" title="This server has no authentication">
      Whoever reaches {server.address} can change and delete every job. Put a proxy that signs in before it.
    </Notice>
  );
}

import type { OutputFor } from "../../shared/catalogue.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatRoundTrip } from "../ui/format.ts";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";
import classes from "./flowfabric.module.css";
import { MetricsPanels } from "./metrics-panels.tsx";
import { ServerNotices } from "./server-notices.tsx";

type Health = OutputFor<"flowfabric.health">;

/** What the server is, how it does, its metrics, and what cannot be had. */
export function ServerPage() {
  const { connectionId, isOpen } = useSystem("flowfabric");
  const { data, error, refetch } = useOperation("flowfabric.health", { connectionId }, { enabled: isOpen });
  return (
    <Page title="Server" counts={data && backendText(data)} scroll notices={<ServerNotices />}>
      <div className={classes.stack}>
        {error && <FailureNotice failure={error.toData()} onRetry={() => void refetch()} />}
        {!data && !error && <LoadingSkeleton rows={6} />}
        {data && (
          <div className={classes.panels}>
            <HttpPanel health={data} />
            <ValkeyPanel health={data} />
          </div>
        )}
        <MetricsPanels />
        <Limits />
      </div>
    </Page>
  );
}

function backendText({ backend }: Health): string {
  return backend.kind === "unknown" ? "backend not known" : `on ${backend.kind}: ${backend.because}`;
}

function HttpPanel({ health }: { health: Health }) {
  const { profile } = useSystem("flowfabric");
  const { http } = health;
  return (
    <section className={classes.panel} aria-label="ff-server">
      <h2>ff-server</h2>
      {http ? (
        <Facts
          facts={[
            ["Address", <code key="url">{profile?.target.url}</code>],
            ["Health", http.message],
            ["Round trip", http.roundTripMs !== undefined && formatRoundTrip(http.roundTripMs)],
            ["Token", health.token === "sent" ? "sent" : "none is sent"],
            ["Version", "not reported by the server"],
          ]}
        />
      ) : (
        <p className={classes.hint}>
          The connection has no address of a server: of executions only the stuck ones can be read, of budgets
          only the ids.
        </p>
      )}
    </section>
  );
}

function ValkeyPanel({ health }: { health: Health }) {
  const { profile } = useSystem("flowfabric");
  const { valkey } = health;
  return (
    <section className={classes.panel} aria-label="Valkey">
      <h2>Valkey</h2>
      {valkey ? (
        <Facts
          facts={[
            ["Address", <code key="addresses">{profile?.target.valkey?.addresses.join(", ")}</code>],
            ["Health", valkey.message],
            ["Round trip", valkey.roundTripMs !== undefined && formatRoundTrip(valkey.roundTripMs)],
            ["Server", serverText(valkey, profile?.playground === true)],
            ["Partitions", valkey.partitions !== undefined && String(valkey.partitions)],
            [
              "Function library",
              valkey.libraryVersion ?? (valkey.status === "ok" ? "not loaded" : undefined),
            ],
          ]}
        />
      ) : (
        <p className={classes.hint}>
          The connection has no address of Valkey: rotations tell only how many partitions took a key, and
          keys and budgets cannot be listed.
        </p>
      )}
    </section>
  );
}

/** The playground runs on what the machine has; a real server would not. */
function serverText(valkey: NonNullable<Health["valkey"]>, playground: boolean): string | undefined {
  if (valkey.refused === undefined || !playground) return valkey.server;
  return `${valkey.server}, for the playground; a real ff-server needs Valkey 7.2 or newer`;
}

function Limits() {
  return (
    <section className={classes.panel} aria-label="What cannot be had">
      <h2>What this server does not tell</h2>
      <p className={classes.text}>
        Over HTTP there is no list of flows, budgets, quotas, lanes or workers, no worker or lease of an
        execution, no history of leases, no key ids, no version, and no audit log: that is in the output of
        the ff-server process (target <code>audit</code>). Executions are listed by partition, in no order of
        time.
      </p>
    </section>
  );
}

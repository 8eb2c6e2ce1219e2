import type { FluxDaemonRow } from "../../shared/flux/schema.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { DrawerSection, Facts } from "../ui/drawer.tsx";
import { formatRoundTrip } from "../ui/format.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { ShortId } from "../ui/short-id.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./flux.module.css";
import { daemonLook, repositoryLook, syncLook } from "./flux-look.ts";

type DaemonProps = { daemon: FluxDaemonRow };

/** Who the daemon is and how it is connected. */
export function DaemonFacts({ daemon }: DaemonProps) {
  const { workloads } = daemon;
  return (
    <DrawerSection title="Facts">
      <Facts
        facts={[
          ["Status", <StatusBadge key="status" state={daemonLook(daemon)} />],
          ["Since", <RelativeTime key="since" at={daemon.statusSince} />],
          ["Version", daemon.version],
          ["Protocol", daemon.protocol === undefined ? undefined : `V${daemon.protocol}`],
          ["Reached", daemon.relayed ? "through flux-adapter" : undefined],
          ["From", daemon.remoteAddress && <code>{daemon.remoteAddress}</code>],
          ["Calls itself", daemon.userAgent && <code>{daemon.userAgent}</code>],
          ["Connected", timesWords(daemon.registrations)],
          ["Malformed answers", daemon.malformedAnswers || undefined],
          ["Ping", daemon.roundTripMs === undefined ? undefined : formatRoundTrip(daemon.roundTripMs)],
          [
            "Workloads",
            workloads &&
              `${workloads.total}: ${workloads.automated} automated, ${workloads.locked} locked, ${workloads.ignored} ignored, ${workloads.failing} failing`,
          ],
          ["Last event", daemon.lastEventAt && <RelativeTime key="event" at={daemon.lastEventAt} />],
          ["Read", daemon.factsAt && <RelativeTime key="read" at={daemon.factsAt} />],
        ]}
      />
    </DrawerSection>
  );
}

function timesWords(count: number): string | undefined {
  if (count === 0) return undefined;
  return `${count === 1 ? "once" : `${count} times`} since the console listens`;
}

/** How far the repository is applied, and what could not be. */
export function SyncFacts({ daemon: { sync } }: DaemonProps) {
  if (!sync) return null;
  return (
    <DrawerSection title="Sync">
      <Facts
        facts={[
          ["State", <StatusBadge key="state" state={syncLook(sync)} />],
          ["Why", sync.message],
          ["Last reported sync", sync.lastSyncAt && <RelativeTime key="last" at={sync.lastSyncAt} />],
          ["Up to", sync.lastRevision && <ShortId key="revision" id={sync.lastRevision} keep={8} />],
        ]}
      />
      {sync.pending.length > 0 && (
        <ol className={classes.list} aria-label="Commits not applied yet, newest first">
          {sync.pending.slice(0, 8).map((revision) => (
            <li key={revision} className={classes.mono}>
              <ShortId id={revision} keep={8} />
            </li>
          ))}
        </ol>
      )}
      {sync.errors.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th>Could not be applied</th>
              <th>Why</th>
            </tr>
          </thead>
          <tbody>
            {sync.errors.map(({ id, path, error }) => (
              <tr key={`${id} ${path}`}>
                <td>
                  {id}
                  <div className={classes.faint}>{path}</div>
                </td>
                <td>{error}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </DrawerSection>
  );
}

/** The repository and the key with which the daemon reaches it. */
export function RepositoryFacts({ daemon: { repository, sync } }: DaemonProps) {
  if (!repository) return null;
  const { md5, sha256 } = repository.fingerprints;
  return (
    <DrawerSection title="Repository">
      <Facts
        facts={[
          ["State", <StatusBadge key="state" state={repositoryLook({ repository, sync })} />],
          ["Why", repository.errors],
          ["URL", <code key="url">{repository.url}</code>],
          ["Branch", <code key="branch">{repository.branch}</code>],
          ["Paths", repository.path || "the whole repository"],
          ["Fingerprint", sha256 && <code key="sha">SHA256:{sha256.hash}</code>],
          ["", md5 && <code key="md5">MD5:{md5.hash}</code>],
        ]}
      />
      {repository.publicKey && (
        <div className={classes.secret}>
          {repository.publicKey}
          <CopyButton copied={{ text: repository.publicKey }} label="Copy the public key" />
        </div>
      )}
    </DrawerSection>
  );
}

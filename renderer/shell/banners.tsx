import { Button } from "@mantine/core";
import { useCommand } from "../client/query.ts";
import { useTopic, useTopicRow } from "../client/use-topic.ts";
import type { Selection } from "../state/selection.ts";
import { type SelectedLattice, useUiStore } from "../state/ui-store.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatClock } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { ConsoleNotices } from "./console-notices.tsx";
import classes from "./frame.module.css";
import { OldElectronBanner } from "./old-electron-banner.tsx";
import { PlaygroundBanner } from "./playground-banner.tsx";

/** What the person has to know about where the shown data comes from. */
export function Banners({ selection }: { selection: Selection | undefined }) {
  const connections = useTopic("connections");
  return (
    <div className={classes.banners}>
      {connections.phase === "stale" && <ConsoleLost since={connections.since} />}
      {connections.phase === "failed" && connections.failure && (
        <FailureNotice what="The console itself cannot be reached" failure={connections.failure} slim />
      )}
      <OldElectronBanner />
      <ConsoleNotices />
      {selection?.profile?.playground && <PlaygroundBanner system={selection.profile.system} />}
      {selection && connections.phase === "live" && <ConnectionBanner selection={selection} />}
    </div>
  );
}

function ConsoleLost({ since }: { since: number }) {
  const utc = useUiStore((state) => state.utc);
  return (
    <Notice
      slim
      role="status"
      tone="warn"
      shape="arrows"
      title={`Reconnecting to the console since ${formatClock(since, utc)}; what is shown is from then`}
    />
  );
}

function ConnectionBanner({ selection }: { selection: Selection }) {
  const { connectionId, profile, status } = selection;
  const open = useCommand("connections.open");
  if (!profile || !status) return null;
  if (status.state === "failed" && status.failure) {
    return (
      <FailureNotice
        slim
        what={`${profile.name} could not be opened`}
        failure={status.failure}
        onRetry={() => void open.run({ connectionId }).catch(() => undefined)}
      />
    );
  }
  if (status.state === "closed") {
    const start = (
      <Button loading={open.pending} onClick={() => void open.run({ connectionId }).catch(() => undefined)}>
        Open {profile.name}
      </Button>
    );
    return <Notice slim tone="idle" shape="ring" title={`${profile.name} is closed`} actions={start} />;
  }
  return (
    <ReconnectingBanner
      lattice={selection.system === undefined ? selection : undefined}
      since={status.state === "reconnecting" ? status.since : undefined}
    />
  );
}

function ReconnectingBanner(props: { lattice: SelectedLattice | undefined; since: string | undefined }) {
  const utc = useUiStore((state) => state.utc);
  const scope = { connectionId: props.lattice?.connectionId };
  const row = useTopicRow("lattice.lattices", scope, props.lattice?.lattice);
  const since = props.since ?? (row?.phase === "reconnecting" ? row.phaseSince : undefined);
  const from = row?.dataFrom && `what is shown is from ${formatClock(Date.parse(row.dataFrom), utc)}`;
  const reconnecting = since && `Reconnecting since ${formatClock(Date.parse(since), utc)}`;
  // The connection is back, and nobody has answered on it so far.
  const reading = from && "Connected again, reading";
  const title = [reconnecting ?? reading, from].filter(Boolean).join(" — ");
  return title ? <Notice slim role="status" tone="warn" shape="arrows" title={title} /> : null;
}

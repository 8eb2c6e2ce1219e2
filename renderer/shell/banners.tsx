import { Button } from "@mantine/core";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { System } from "../../shared/connections/schema.ts";
import { useCommand, useOperation } from "../client/query.ts";
import { useTopic, useTopicRow } from "../client/use-topic.ts";
import type { Selection } from "../state/selection.ts";
import { type SelectedLattice, useUiStore } from "../state/ui-store.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatClock } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import classes from "./frame.module.css";
import { PlaygroundMenu } from "./playground-menu.tsx";

const words: Record<System, { what: string; real: string }> = {
  lattice: { what: "a real NATS server with simulated hosts", real: "a real lattice" },
  flowfabric: { what: "a simulated FlowFabric server", real: "a real FlowFabric" },
  forge: { what: "a simulated jobs server with workers", real: "a real jobs server" },
  flux: { what: "simulated Flux daemons that call this console", real: "real daemons" },
};

/** Says that nothing here is real, lets it be disturbed, and shows the way to a real system. */
function PlaygroundBanner({ system }: { system: System }) {
  const { what, real } = words[system];
  const navigate = useNavigate();
  return (
    <Notice
      slim
      tone="sim"
      shape="diamond"
      title={`Playground: ${what} on this machine; changes here affect nothing real`}
      actions={
        <>
          {system === "lattice" && <PlaygroundMenu />}
          <Button variant="default" onClick={() => navigate("/connections?edit=new")}>
            Connect to {real}
          </Button>
        </>
      }
    />
  );
}

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

/** What the console has to say of itself, such as a repaired database; each sentence until it is put away. */
function ConsoleNotices() {
  const [seen, setSeen] = useState<readonly string[]>([]);
  const info = useOperation("console.info", {});
  const fresh = info.data?.notices.filter((text) => !seen.includes(text)) ?? [];
  return fresh.map((text) => (
    <Notice
      key={text}
      slim
      role="status"
      tone="warn"
      shape="diamond"
      title={text}
      actions={
        <Button variant="default" onClick={() => setSeen([...seen, text])}>
          Dismiss
        </Button>
      }
    />
  ));
}

/** Says, as long as it is so, that real systems are reached by a window whose browser engine is out of date. */
function OldElectronBanner() {
  const info = useOperation("console.info", {});
  const { rows } = useTopic("connections");
  const old = info.data?.oldElectron;
  const real = rows.filter(({ profile }) => !profile.playground).map(({ profile }) => profile.name);
  if (!old || real.length === 0) return null;
  return (
    <Notice
      slim
      role="status"
      tone="bad"
      shape="bang"
      title={`Electron ${old.version} gets no security fixes any more: do not use this window for ${named(real)}`}
    >
      Use a browser that is up to date (<code>npm run serve</code>), or Electron {old.builtFor} from a folder
      that <code>ELECTRON_OVERRIDE_DIST_PATH</code> names.
      {old.failure !== undefined && ` Its download failed: ${old.failure}`}
    </Notice>
  );
}

function named(names: readonly string[]): string {
  const [first = "", ...others] = names;
  if (others.length === 0) return first;
  return others.length === 1 ? `${first} and ${others[0]}` : `${first} and ${others.length} others`;
}

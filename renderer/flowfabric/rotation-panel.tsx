import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import type { RotationRow } from "../../shared/flowfabric/rotation-schema.ts";
import { call } from "../client/call.ts";
import { useCommand } from "../client/query.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { useSystem } from "../state/selection.ts";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { saveFile } from "../ui/save-file.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./flowfabric.module.css";
import { GraceBar } from "./grace-bar.tsx";
import { PartitionDetails } from "./partition-details.tsx";
import { rotationActions } from "./rotation-actions.tsx";
import { RotationGrid } from "./rotation-grid.tsx";
import { RotationLegend } from "./rotation-legend.tsx";
import { progressText, rotationLook, wayText } from "./rotation-look.ts";

interface RotationPanelProps {
  row: RotationRow;
  /** The partition that is shown first; without it, one that has to be looked at. */
  partition?: number | undefined;
}

const needsLook: ReadonlySet<string> = new Set(["failed", "unknown", "overtaken"]);

/** One rotation: where it stands, its grid, and what can be done about it. */
export function RotationPanel({ row, partition }: RotationPanelProps) {
  const [chosen, setChosen] = useState(row.partitions[partition ?? -1] && partition);
  const first = row.partitions.find(({ state }) => needsLook.has(state))?.partition ?? 0;
  const cell = row.partitions[chosen ?? first];
  return (
    <section className={classes.panel} aria-label={`Rotation to ${row.keyId}`}>
      <div className={classes.panelHead}>
        <h2>
          Rotation to <code>{row.keyId}</code>
        </h2>
        <StatusBadge state={rotationLook(row)} filled />
        <span className={classes.hint}>
          {progressText(row)} · {wayText(row)} · <RelativeTime at={row.startedAt} />
        </span>
        <RotationActions row={row} />
      </div>
      <RotationNotices row={row} />
      <GraceBar row={row} />
      <RotationLegend row={row} />
      <div className={classes.gridAndDetails}>
        <RotationGrid partitions={row.partitions} chosen={chosen ?? first} onChoose={setChosen} />
        <div className={classes.beside}>
          {cell && <PartitionDetails cell={cell} />}
          <Attempts row={row} />
        </div>
      </div>
    </section>
  );
}

function RotationActions({ row }: { row: RotationRow }) {
  const { isOpen } = useSystem("flowfabric");
  const stop = useCommand("flowfabric.rotations.stop");
  const input = { connectionId: row.connectionId, rotationId: row.id };
  const save = async (format: "csv" | "json"): Promise<void> => {
    const file = await call("flowfabric.rotations.export", { ...input, format });
    saveFile({ name: file.fileName, mediaType: file.mediaType, text: file.text });
  };
  return (
    <div className={classes.panelActions}>
      {row.state === "running" && row.way === "direct" && (
        <Button variant="default" onClick={() => void stop.run(input).catch(() => undefined)}>
          Stop
        </Button>
      )}
      <ActionButtons
        group="Rotation"
        actions={rotationActions}
        things={[row]}
        disabled={!isOpen}
        moreItems={
          <>
            <Menu.Item onClick={() => void save("csv")}>Export evidence as CSV</Menu.Item>
            <Menu.Item onClick={() => void save("json")}>Export evidence as JSON</Menu.Item>
          </>
        }
      />
    </div>
  );
}

function RotationNotices({ row }: { row: RotationRow }) {
  const lost = row.state === "unfinished" && !row.secret.held;
  const { others = [] } = row.readBack ?? {};
  return (
    <>
      {lost && (
        <Notice slim tone="bad" shape="cross" title="The secret of this rotation is gone">
          The same pair cannot be sent again. Abandon it, and rotate a fresh key in everywhere.
        </Notice>
      )}
      {row.way === "http" && (
        <Notice slim tone="idle" shape="ring" title="HTTP reports only how many took the key">
          Not why others brought no success, which may have it all the same, nor which had it already
          {row.readBack ? "; what they sign with was read from Valkey." : ", nor what they sign with now."}
        </Notice>
      )}
      {row.state !== "running" && others.length > 0 && (
        <Notice slim tone="warn" shape="bang" title="Not every partition signs with this key">
          {others.map(({ keyId, partitions }) => `${keyId || "no key"} on ${partitions.length}`).join(" · ")}
        </Notice>
      )}
      {row.notices.map((notice) => (
        <Notice key={notice} slim tone="warn" shape="bang" title={notice} />
      ))}
    </>
  );
}

function Attempts({ row }: { row: RotationRow }) {
  return (
    <section className={classes.panel} aria-label="Attempts">
      <h2>Attempts</h2>
      <ol className={classes.attempts}>
        {row.attempts.map((attempt) => (
          <li key={attempt.number}>
            <RelativeTime at={attempt.startedAt} />{" "}
            {attempt.status !== undefined && <code>HTTP {attempt.status}</code>} {attempt.outcome}
          </li>
        ))}
      </ol>
    </section>
  );
}

import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import {
  countPartitions,
  partitionStates,
  type RotationRow,
} from "../../shared/flowfabric/rotation-schema.ts";
import { call } from "../client/call.ts";
import { useCommand } from "../client/query.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { useNow } from "../state/clock.ts";
import { useSystem } from "../state/selection.ts";
import { formatCount, formatDuration } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { ExactTime, RelativeTime } from "../ui/relative-time.tsx";
import { saveFile } from "../ui/save-file.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./flowfabric.module.css";
import { PartitionDetails } from "./partition-details.tsx";
import { rotationActions } from "./rotation-actions.tsx";
import { RotationGrid } from "./rotation-grid.tsx";
import { partitionLooks, progressText, rotationLook, wayText } from "./rotation-look.ts";

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

/** How long the previous key still verifies, as a bar that runs down. */
function GraceBar({ row }: { row: RotationRow }) {
  const now = useNow();
  const { endsAt, milliseconds, known } = row.grace;
  if (endsAt === undefined) return null;
  const left = Date.parse(endsAt) - now;
  const share = Math.max(0, Math.min(1, left / milliseconds));
  return (
    <div className={classes.grace}>
      <div className={classes.graceText}>
        {left > 0 ? (
          <>
            Previous key still taken for <b>{formatDuration(left)}</b>
          </>
        ) : (
          <b>The grace of the previous key is over</b>
        )}{" "}
        <span className={classes.hint}>
          until <ExactTime at={endsAt} />
          {!known &&
            row.readBack === undefined &&
            ", assuming the default grace of 24 h, which HTTP does not report"}
        </span>
      </div>
      <div
        className={classes.graceBar}
        role="progressbar"
        aria-label="Grace left"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <span style={{ inlineSize: `${share * 100}%` }} />
      </div>
    </div>
  );
}

/** How many partitions are in each state, with the signs of the grid. */
function RotationLegend({ row }: { row: RotationRow }) {
  const counts = countPartitions(row);
  const shown = partitionStates.filter((state) => counts[state] > 0);
  return (
    <ul className={classes.legend} aria-label="Partitions by state">
      {shown.map((state) => (
        <li key={state}>
          <span className={classes.sign} data-tone={partitionLooks[state].tone} aria-hidden="true">
            {partitionLooks[state].sign}
          </span>
          <b>{formatCount(counts[state])}</b> {partitionLooks[state].word}
        </li>
      ))}
    </ul>
  );
}

import { Checkbox } from "@mantine/core";
import { useState } from "react";
import { ownValue } from "../../shared/contract/index.ts";
import type { ReleasePreview } from "../../shared/flux/change-operations.ts";
import type { WorkloadResult } from "../../shared/flux/schema.ts";
import { formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./flux.module.css";
import { resultLook } from "./flux-look.ts";
import { ImageDiff } from "./image-diff.tsx";
import { type ReleaseTarget, tickKey } from "./release-plan.ts";

interface ReleasePreviewProps {
  preview: ReleasePreview;
  target: ReleaseTarget;
  unticked: ReadonlySet<string>;
  onTick: (key: string, ticked: boolean) => void;
}

/** Chosen containers can be released from 1.5 on, which dials V9 at least. */
const ticksFrom = 9;

/** What one daemon has worked out: the diff, then each workload with its reason. */
export function ReleasePreviewView({ preview, target, unticked, onTick }: ReleasePreviewProps) {
  const [all, setAll] = useState(false);
  const told = preview.results.filter(({ status }) => all || status !== "ignored");
  const ignored =
    preview.results.length - preview.results.filter(({ status }) => status !== "ignored").length;
  return (
    <section className={classes.preview} aria-label={`Dry run at ${target.daemonName}`}>
      <strong>
        {target.daemonName}: {formatQuantity(preview.changes, "workload")} would change
      </strong>
      {preview.warnings.map((warning) => (
        <Notice key={warning} slim tone="warn" shape="bang" title={warning} />
      ))}
      <ImageDiff diff={preview.diff} />
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th>Workload</th>
              <th>Outcome</th>
              <th>Containers</th>
            </tr>
          </thead>
          <tbody>
            {told.map((result) => (
              <tr key={result.id}>
                <td>{result.id}</td>
                <td>
                  <StatusBadge state={resultLook(result.status)} />
                  <div className={classes.hint}>{ownValue(preview.locks, result.id) ?? result.error}</div>
                </td>
                <td>
                  <Containers result={result} target={target} unticked={unticked} onTick={onTick} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {ignored > 0 && (
        <button type="button" className={classes.link} onClick={() => setAll(!all)}>
          {all ? "Hide" : "Show"} {formatQuantity(ignored, "workload")} that this does not concern
        </button>
      )}
    </section>
  );
}

function Containers(
  props: Pick<ReleasePreviewProps, "target" | "unticked" | "onTick"> & { result: WorkloadResult },
) {
  const { result, target, unticked, onTick } = props;
  const tickable = result.status === "success" && target.protocol >= ticksFrom;
  return result.containers.map(({ container, target: image }) => {
    const key = tickKey(target.daemonId, result.id, container);
    if (!tickable) return <div key={key}>{container}</div>;
    return (
      <Checkbox
        key={key}
        size="xs"
        label={container}
        aria-label={`Release ${container} of ${result.id} to ${image}`}
        checked={!unticked.has(key)}
        onChange={(event) => onTick(key, event.currentTarget.checked)}
      />
    );
  });
}

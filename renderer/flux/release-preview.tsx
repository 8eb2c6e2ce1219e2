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

/** A unified diff of image lines; what differs within a line is marked. */
function ImageDiff({ diff }: { diff: string }) {
  if (diff === "") return null;
  const lines = diff.split("\n");
  let container = "";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className={classes.diff} tabIndex={0} aria-label="What would change">
      {lines.map((line, at) => {
        if (line.startsWith("--- ")) return null;
        if (line.startsWith("+++ ")) return <File key={line} id={line.slice(4)} />;
        if (line.startsWith("@@ ")) {
          container = line.replaceAll("@@", "").trim();
          return null;
        }
        const other = line.startsWith("-") ? lines[at + 1] : lines[at - 1];
        // biome-ignore lint/suspicious/noArrayIndexKey: a diff does not change its order
        return <Line key={`${at} ${line}`} line={line} other={other} container={container} />;
      })}
    </section>
  );
}

function File({ id }: { id: string }) {
  return <div className={classes.diffFile}>{id}</div>;
}

function Line(props: { line: string; other: string | undefined; container: string }) {
  const { line, other, container } = props;
  const removed = line.startsWith("-");
  const text = line.slice(1).replace("image:", `${container}:`);
  const start = commonStart(line.slice(1), other?.slice(1) ?? "") + container.length - "image".length;
  return (
    <div className={classes.diffLine} data-kind={removed ? "removed" : "added"}>
      <span />
      <span aria-label={removed ? "removed" : "added"} role="img">
        {removed ? "−" : "+"}
      </span>
      <span>
        {text.slice(0, start)}
        <mark>{text.slice(start)}</mark>
      </span>
    </div>
  );
}

function commonStart(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  // From the beginning of the tag or name on, not from the middle of a number.
  return Math.max(left.lastIndexOf(":", at), left.lastIndexOf("/", at), 0) + 1;
}

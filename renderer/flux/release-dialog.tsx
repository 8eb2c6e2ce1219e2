import { Button } from "@mantine/core";
import { useState } from "react";
import { asFailure, type FailureData } from "../../shared/contract/index.ts";
import type { ReleasePreview } from "../../shared/flux/change-operations.ts";
import { call } from "../client/call.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Notice } from "../ui/notice.tsx";
import classes from "./flux.module.css";
import { ReleaseForm } from "./release-form.tsx";
import {
  type ReleaseInput,
  type ReleasePlan,
  type ReleaseTarget,
  releaseInputs,
  releaseLabel,
  tickedInputs,
} from "./release-plan.ts";
import { ReleasePreviewView } from "./release-preview.tsx";
import { useCause } from "./use-cause.ts";

interface ReleaseDialogProps {
  targets: readonly ReleaseTarget[];
  /** To begin with; without it the newest images. */
  image?: string | undefined;
  onClose: () => void;
}

/** Releases images: what, then a dry run by the daemon, then exactly that, followed until it runs. */
export function ReleaseDialog({ targets, image, onClose }: ReleaseDialogProps) {
  const { connectionId, place } = useSystem("flux");
  const cause = useCause();
  const [plan, setPlan] = useState<ReleasePlan>({
    what: image ? "image" : "newest",
    image: image ?? "",
    excludes: [],
    force: false,
  });
  const [unticked, setUnticked] = useState<ReadonlySet<string>>(new Set());
  const names = new Map(targets.map(({ daemonId, daemonName }) => [daemonId, daemonName]));
  const asked = cause.problem
    ? undefined
    : releaseInputs(plan, targets, { connectionId, user: cause.user, message: cause.message });
  const dry = useReleasePreviews(asked);
  const inputs = asked && dry.ready ? tickedInputs(asked, dry.previews, unticked) : undefined;
  const tick = (key: string, ticked: boolean) =>
    setUnticked((now) => {
      const next = new Set(now);
      if (ticked) next.delete(key);
      else next.add(key);
      return next;
    });
  return (
    <CommandDialog
      title="Release images"
      name="flux.release"
      place={place}
      inputs={inputs}
      itemHeading="Daemon"
      itemLabel={({ daemonId }) => names.get(daemonId) ?? daemonId}
      actionLabel={dry.ready ? releaseLabel(inputs, dry.previews, names) : "Release after the dry run"}
      size={860}
      onClose={onClose}
    >
      <ReleaseForm targets={targets} plan={plan} onPlan={setPlan} cause={cause} />
      <div className={classes.preview}>
        <div>
          {/* Not disabled while it runs: a disabled button drops the focus out of the dialog. */}
          <Button
            disabled={!asked}
            aria-busy={dry.pending}
            onClick={() => !dry.pending && dry.start()}
            variant={dry.ready || dry.pending ? "default" : "filled"}
          >
            {dry.pending ? "Working it out…" : dry.ready ? "Dry run again" : "Dry run"}
          </Button>{" "}
          <span className={classes.hint}>
            The daemon works it out and commits nothing; with some hundred workloads this may take minutes.
          </span>
        </div>
        {dry.outdated && (
          <Notice
            slim
            tone="warn"
            shape="clock"
            title="The request has changed since the dry run: run it again"
          />
        )}
        {dry.failures.map(({ daemonId, failure }) => (
          <FailureNotice
            key={daemonId}
            slim
            what={`${names.get(daemonId)} could not work it out`}
            failure={failure}
          />
        ))}
        {dry.previews.map((preview, index) => {
          const target = targets[index];
          if (!preview || !target) return null;
          return (
            <ReleasePreviewView
              key={target.daemonId}
              preview={preview}
              target={target}
              unticked={unticked}
              onTick={tick}
            />
          );
        })}
      </div>
    </CommandDialog>
  );
}

interface Run {
  /** What was asked; another request makes the answer old. */
  asked: string;
  pending: boolean;
  previews: readonly (ReleasePreview | undefined)[];
  failures: readonly { daemonId: string; failure: FailureData }[];
}

/** Dry runs, made when asked for: a daemon may work on one for a minute. */
function useReleasePreviews(inputs: readonly ReleaseInput[] | undefined) {
  const [run, setRun] = useState<Run>();
  const asked = JSON.stringify(inputs);
  const current = run?.asked === asked ? run : undefined;
  const start = async (): Promise<void> => {
    if (!inputs) return;
    setRun({ asked, pending: true, previews: [], failures: [] });
    const answers = await Promise.all(inputs.map(previewOne));
    const done: Run = {
      asked,
      pending: false,
      previews: answers.map(({ preview }) => preview),
      failures: answers.flatMap(({ daemonId, failure }) => (failure ? [{ daemonId, failure }] : [])),
    };
    setRun((now) => (now?.asked === asked ? done : now));
  };
  return {
    start: () => void start(),
    pending: current?.pending ?? false,
    previews: current?.previews ?? [],
    failures: current?.failures ?? [],
    /** There is an answer to exactly this request. */
    ready: current !== undefined && !current.pending,
    /** There was one, and the request has changed since. */
    outdated: run !== undefined && current === undefined,
  };
}

async function previewOne(
  input: ReleaseInput,
): Promise<{ daemonId: string; preview?: ReleasePreview; failure?: FailureData }> {
  try {
    return { daemonId: input.daemonId, preview: await call("flux.release.preview", input) };
  } catch (error) {
    return { daemonId: input.daemonId, failure: asFailure(error).toData() };
  }
}

import { useState } from "react";
import { asFailure, type FailureData } from "../../shared/contract/index.ts";
import type { ReleasePreview } from "../../shared/flux/change-operations.ts";
import { call } from "../client/call.ts";
import type { ReleaseInput } from "./release-plan.ts";

interface Run {
  /** What was asked; another request makes the answer old. */
  asked: string;
  pending: boolean;
  previews: readonly (ReleasePreview | undefined)[];
  failures: readonly { daemonId: string; failure: FailureData }[];
}

/** Dry runs, made when asked for: a daemon may work on one for a minute. */
export function useReleasePreviews(inputs: readonly ReleaseInput[] | undefined) {
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

import { useEffect, useState } from "react";
import type { InputFor } from "../../../shared/catalogue.ts";
import { asFailure, type FailureData } from "../../../shared/contract/index.ts";
import type { ScalePreview } from "../../../shared/lattice/schema.ts";
import { call } from "../../client/call.ts";

export type ScaleInput = InputFor<"lattice.components.scale">;

export interface Previews {
  previews: readonly ScalePreview[];
  /** Hosts whose preview could not be made. */
  failed: readonly { hostId: string; failure: FailureData }[];
  /** What is shown does not answer the present plan yet. */
  pending: boolean;
}

const concurrency = 8;
const restMs = 180;

/** Asks for a preview of each scale, again whenever the plan has rested for a moment. */
export function usePreviews(inputs: readonly ScaleInput[] | undefined): Previews {
  const question = inputs && JSON.stringify(inputs);
  const [answer, setAnswer] = useState<Omit<Previews, "pending"> & { question?: string }>({
    previews: [],
    failed: [],
  });
  useEffect(() => {
    if (question === undefined) return;
    let dropped = false;
    const timer = setTimeout(async () => {
      const result = await previewAll(JSON.parse(question) as ScaleInput[], () => dropped);
      if (!dropped) setAnswer({ ...result, question });
    }, restMs);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [question]);
  return { ...answer, pending: answer.question !== question };
}

async function previewAll(inputs: readonly ScaleInput[], isDropped: () => boolean) {
  const previews = new Map<string, ScalePreview>();
  const failed: { hostId: string; failure: FailureData }[] = [];
  const waiting = [...inputs];
  const work = async () => {
    for (let input = waiting.shift(); input && !isDropped(); input = waiting.shift()) {
      try {
        previews.set(input.hostId, await call("lattice.components.preview-scale", input));
      } catch (error) {
        failed.push({ hostId: input.hostId, failure: asFailure(error).toData() });
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { previews: inputs.flatMap(({ hostId }) => previews.get(hostId) ?? []), failed };
}

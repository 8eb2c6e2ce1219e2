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
  /** What is shown does not answer the present plan yet, or not for all hosts. */
  pending: boolean;
  /** How many hosts have answered the present plan, while it is pending. */
  answered: number;
}

const concurrency = 8;
const restMs = 180;
const partMs = 500;

/** Asks for a preview of each scale, again whenever the plan has rested for a moment. */
export function usePreviews(inputs: readonly ScaleInput[] | undefined): Previews {
  const question = inputs && JSON.stringify(inputs);
  const [answer, setAnswer] = useState<Answer>({ previews: [], failed: [], complete: false });
  useEffect(() => {
    if (question === undefined) return;
    let dropped = false;
    const tell = (part: Part, complete: boolean) => {
      if (!dropped) setAnswer({ ...part, question, complete });
    };
    const timer = setTimeout(async () => {
      const inputs = JSON.parse(question) as ScaleInput[];
      tell(await previewAll(inputs, { isDropped: () => dropped, onPart: (part) => tell(part, false) }), true);
    }, restMs);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [question]);
  const present = answer.question === question;
  const answered = present ? answer.previews.length + answer.failed.length : 0;
  return { ...answer, pending: !(present && answer.complete), answered };
}

type Part = Pick<Previews, "previews" | "failed">;
type Answer = Part & { question?: string; complete: boolean };

interface PreviewRun {
  isDropped: () => boolean;
  /** What there is so far, told a few times a second. */
  onPart: (part: Part) => void;
}

async function previewAll(inputs: readonly ScaleInput[], run: PreviewRun): Promise<Part> {
  const previews = new Map<string, ScalePreview>();
  const failed: { hostId: string; failure: FailureData }[] = [];
  const waiting = [...inputs];
  const part = (): Part => ({
    previews: inputs.flatMap(({ hostId }) => previews.get(hostId) ?? []),
    failed: [...failed],
  });
  let toldAt = Date.now();
  const work = async () => {
    for (let input = waiting.shift(); input && !run.isDropped(); input = waiting.shift()) {
      try {
        previews.set(input.hostId, await call("lattice.components.preview-scale", input));
      } catch (error) {
        failed.push({ hostId: input.hostId, failure: asFailure(error).toData() });
      }
      if (Date.now() - toldAt < partMs) continue;
      toldAt = Date.now();
      run.onPart(part());
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return part();
}

import { useEffect, useState } from "react";
import type { InputFor, OperationName, OutputFor } from "../../shared/catalogue.ts";
import { asFailure, type FailureData } from "../../shared/contract/index.ts";
import { call } from "../client/call.ts";

/** Operations that tell what a command would do to one host. */
type PreviewName = Extract<
  OperationName,
  | "lattice.components.preview-scale"
  | "lattice.components.preview-update"
  | "lattice.components.preview-restart"
  | "lattice.labels.preview"
>;

export interface Previews<Preview> {
  /** In the order of the plan. */
  previews: readonly Preview[];
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

/** Asks for a preview of each command, again whenever the plan has rested for a moment. */
export function usePreviews<Name extends PreviewName>(
  name: Name,
  inputs: readonly InputFor<Name>[] | undefined,
): Previews<OutputFor<Name>> {
  const question = inputs && JSON.stringify(inputs);
  const [answer, setAnswer] = useState<Answer<OutputFor<Name>>>({
    previews: [],
    failed: [],
    complete: false,
  });
  useEffect(() => {
    if (question === undefined) return;
    let dropped = false;
    const tell = (part: Part<OutputFor<Name>>, complete: boolean) => {
      if (!dropped) setAnswer({ ...part, question, complete });
    };
    const timer = setTimeout(async () => {
      const inputs = JSON.parse(question) as InputFor<Name>[];
      const run = {
        isDropped: () => dropped,
        onPart: (part: Part<OutputFor<Name>>) => tell(part, false),
      };
      tell(await previewAll(name, inputs, run), true);
    }, restMs);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [name, question]);
  const present = answer.question === question;
  const answered = present ? answer.previews.length + answer.failed.length : 0;
  return { ...answer, pending: !(present && answer.complete), answered };
}

type Part<Preview> = Pick<Previews<Preview>, "previews" | "failed">;
type Answer<Preview> = Part<Preview> & { question?: string; complete: boolean };

interface PreviewRun<Preview> {
  isDropped: () => boolean;
  /** What there is so far, told a few times a second. */
  onPart: (part: Part<Preview>) => void;
}

async function previewAll<Name extends PreviewName>(
  name: Name,
  inputs: readonly InputFor<Name>[],
  run: PreviewRun<OutputFor<Name>>,
): Promise<Part<OutputFor<Name>>> {
  const previews: (OutputFor<Name> | undefined)[] = inputs.map(() => undefined);
  const failed: { hostId: string; failure: FailureData }[] = [];
  const waiting = [...inputs.entries()];
  const part = (): Part<OutputFor<Name>> => ({
    previews: previews.flatMap((preview) => (preview === undefined ? [] : [preview])),
    failed: [...failed],
  });
  let toldAt = Date.now();
  const work = async () => {
    for (let next = waiting.shift(); next && !run.isDropped(); next = waiting.shift()) {
      const [place, input] = next;
      try {
        previews[place] = await call(name, input);
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

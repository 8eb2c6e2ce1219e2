import { useDebouncedValue } from "@mantine/hooks";
import type { InputFor, OperationName, OutputFor } from "../../shared/catalogue.ts";
import type { FailureData } from "../../shared/contract/index.ts";
import { useOperation } from "./query.ts";

export interface Preview<Name extends OperationName> {
  /** The newest answer; while `pending` it may be that to a former input. */
  data: OutputFor<Name> | undefined;
  failure: FailureData | undefined;
  /** The present input is not answered yet. */
  pending: boolean;
}

const restMs = 180;

/**
 * Asks what a command would do, when its input has rested for a moment; and again every few seconds, because what
 * is there may change meanwhile. Without an input nothing is asked.
 */
export function usePreview<Name extends OperationName>(
  name: Name,
  input: InputFor<Name> | undefined,
): Preview<Name> {
  const question = input && JSON.stringify(input);
  const [rested] = useDebouncedValue(question, restMs);
  const asked = question !== undefined && rested === question;
  const query = useOperation(name, (rested ? JSON.parse(rested) : {}) as InputFor<Name>, {
    enabled: asked,
    keepPrevious: true,
  });
  const answered = asked && !query.isPending && !query.isPlaceholderData;
  return {
    data: question === undefined ? undefined : query.data,
    failure: answered ? query.error?.toData() : undefined,
    pending: question !== undefined && !answered,
  };
}

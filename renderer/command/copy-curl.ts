import { type InputFor, type OperationName, operations } from "../../shared/catalogue.ts";
import type { Operation } from "../../shared/contract/index.ts";
import { curlOf } from "./curl-commands.ts";
import type { CopiedLine } from "./shells/command-line.ts";

/** The curl commands that do the same, one an input and as it is recorded; a secret that this leaves out is told in a note. */
export function recordedCurl<Name extends OperationName>(
  name: Name,
  inputs: readonly InputFor<Name>[],
): CopiedLine[] {
  const operation: Operation = operations[name];
  const redact = operation.kind === "command" ? operation.redact : undefined;
  return inputs.flatMap((input) => {
    const recorded = redact ? (redact(input) as InputFor<Name>) : input;
    const isWhole = JSON.stringify(recorded) === JSON.stringify(input);
    return [...(isWhole ? [] : [{ note: "A secret is left out here." }]), curlOf(name, recorded)];
  });
}

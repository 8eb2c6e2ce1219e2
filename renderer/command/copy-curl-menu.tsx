import { type InputFor, type OperationName, operations } from "../../shared/catalogue.ts";
import type { Operation } from "../../shared/contract/index.ts";
import type { CommandName } from "./command-dialog.tsx";
import { CopyCommandMenu } from "./copy-as-menu.tsx";
import { curlOf } from "./curl-commands.ts";
import type { CopiedLine } from "./shells/command-line.ts";

interface CopyCurlMenuProps<Name extends CommandName> {
  name: Name;
  /** What would be done, as the button says it. */
  what: string;
  inputs: readonly InputFor<Name>[] | undefined;
}

const tools = ["curl"] as const;

/** Offers all that a dialog would send as curl commands, as soon as its form is complete. */
export function CopyCurlMenu<Name extends CommandName>({ name, what, inputs }: CopyCurlMenuProps<Name>) {
  if (!inputs || inputs.length === 0) return null;
  return (
    <CopyCommandMenu what={what} tools={tools} commands={() => ({ curl: recordedCurl(name, inputs) })} />
  );
}

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

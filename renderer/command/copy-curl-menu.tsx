import type { InputFor } from "../../shared/catalogue.ts";
import type { CommandName } from "./command-dialog.tsx";
import { CopyCommandMenu } from "./copy-as-menu.tsx";
import { recordedCurl } from "./copy-curl.ts";

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

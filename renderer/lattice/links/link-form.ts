import { type InputFor, operations } from "../../../shared/catalogue.ts";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { newIdProblem } from "../new-id.ts";

/** A link as the fields of the dialog hold it. */
export interface LinkForm {
  sourceId: string;
  target: string;
  /** `namespace:package`, such as wasi:http. */
  wit: string;
  interfaces: string[];
  name: string;
  sourceConfig: string[];
  targetConfig: string[];
}

interface Place {
  connectionId: string;
  lattice: string;
}

/** The form of a link that is there, or of one end of a new one. */
export function linkFormOf(link: Partial<LinkRow> = {}): LinkForm {
  const { witNamespace = "", witPackage = "" } = link;
  return {
    sourceId: link.sourceId ?? "",
    target: link.target ?? "",
    wit: witNamespace === "" ? "" : `${witNamespace}:${witPackage}`,
    interfaces: link.interfaces ?? [],
    name: link.name ?? "default",
    sourceConfig: link.sourceConfig ?? [],
    targetConfig: link.targetConfig ?? [],
  };
}

/** What `lattice.links.put` takes; it need not fit yet. */
export function linkInputOf(place: Place, form: LinkForm): InputFor<"lattice.links.put"> {
  const { wit, name, interfaces, ...rest } = form;
  const [witNamespace = "", ...packages] = wit.trim().split(":");
  return {
    ...place,
    ...rest,
    sourceId: form.sourceId.trim(),
    target: form.target.trim(),
    witNamespace,
    witPackage: packages.join(":"),
    interfaces: interfaces.map((one) => one.trim()),
    name: name.trim(),
  };
}

/** What is wrong, by field of the form; empty when it can be put. */
export function linkErrors(
  form: LinkForm,
  knownIds: ReadonlySet<string> = new Set(),
): Record<string, string> {
  const input = linkInputOf({ connectionId: "any", lattice: "any" }, form);
  const parsed = operations["lattice.links.put"].input.safeParse(input);
  const found = (parsed.error?.issues ?? []).map(({ path, message }): [string, string] => {
    const field = String(path[0]);
    return field.startsWith("wit") ? ["wit", witHint] : [field, message];
  });
  const errors = Object.fromEntries(found);
  const wit = witError(form.wit.trim());
  if (wit) errors.wit = wit;
  for (const end of ["sourceId", "target"] as const) {
    const odd = newIdProblem(form[end].trim(), knownIds);
    if (odd) errors[end] = odd;
  }
  return errors;
}

const witHint = "namespace:package, such as wasi:http";

/** Hosts compare these texts as they are and check nothing, so a version or an interface in here would never match. */
function witError(wit: string): string | undefined {
  if (wit.includes("/")) return `${witHint}; interfaces have a field of their own`;
  if (wit.includes("@")) return `${witHint}, without a version`;
  return /^[^:\s]+:[^:\s]+$/.test(wit) ? undefined : witHint;
}

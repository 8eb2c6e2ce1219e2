import type { InputFor } from "../../../shared/catalogue.ts";
import type { AuctionHost } from "../../../shared/lattice/auction-operations.ts";
import { imageReferenceSchema } from "../../../shared/lattice/schema.ts";
import { entryProblems, type MapEntry, mapOf } from "../../ui/map-entries.ts";
import { newIdProblem, sentence } from "../new-id.ts";

export type WorkloadKind = "component" | "provider";

/** What is to be placed and where it may go, as typed. */
export interface AuctionForm {
  kind: WorkloadKind;
  id: string;
  imageReference: string;
  constraints: MapEntry[];
}

/** What the hosts are asked, read from the form. */
export interface AuctionQuestion {
  kind: WorkloadKind;
  id: string;
  imageReference: string;
  constraints: Record<string, string>;
}

/** The form as an address asks for it: `?kind=provider&id=…&image=…`, for links from other pages. */
export function formOf(parameters: URLSearchParams): AuctionForm {
  return {
    kind: parameters.get("kind") === "provider" ? "provider" : "component",
    id: parameters.get("id") ?? "",
    imageReference: parameters.get("image") ?? "",
    constraints: [],
  };
}

/** What is wrong, field by field; nothing where the auction can be held. */
export function formErrors(
  form: AuctionForm,
  knownIds: ReadonlySet<string> = new Set(),
): Partial<Record<keyof AuctionForm, string>> {
  const errors: Partial<Record<keyof AuctionForm, string>> = {};
  const id = form.id.trim();
  const oddId = newIdProblem(id, knownIds);
  if (id === "") errors.id = "Which id will it have?";
  else if (oddId) errors.id = oddId;
  const imageIssue = imageReferenceSchema.safeParse(form.imageReference).error?.issues[0];
  if (imageIssue) errors.imageReference = sentence(imageIssue.message);
  const [problem] = entryProblems(form.constraints).values();
  if (problem) errors.constraints = problem;
  return errors;
}

/** What the form asks. */
export function questionOf(form: AuctionForm): AuctionQuestion {
  return {
    kind: form.kind,
    id: form.id.trim(),
    imageReference: form.imageReference.trim(),
    constraints: mapOf(form.constraints),
  };
}

type Place = Pick<InputFor<"lattice.auctions.component">, "connectionId" | "lattice">;

/** The question as the console's operation takes it; the id's field has its kind's name. */
export function auctionInput({ kind, id, ...rest }: AuctionQuestion, place: Place) {
  return kind === "component"
    ? ({ name: "lattice.auctions.component", input: { ...place, ...rest, componentId: id } } as const)
    : ({ name: "lattice.auctions.provider", input: { ...place, ...rest, providerId: id } } as const);
}

/** The best so many of the hosts that may be chosen, which are in the order of their fitness. */
export function bestOf(hosts: readonly AuctionHost[], count: number): string[] {
  return hosts.slice(0, Math.max(0, Math.floor(count))).map(({ hostId }) => hostId);
}

import type { ScalePreview } from "../../../shared/lattice/schema.ts";

export type PreviewField = ScalePreview["fields"][number];

/** Hosts for which a scale would do exactly the same. */
export interface PreviewGroup {
  hosts: readonly { id: string; name: string }[];
  fields: readonly PreviewField[];
  warnings: readonly string[];
}

/** Puts hosts with the same fields and warnings together, the largest group first. */
export function groupPreviews(previews: readonly ScalePreview[]): PreviewGroup[] {
  const groups = new Map<string, { hosts: { id: string; name: string }[]; preview: ScalePreview }>();
  for (const preview of previews) {
    const same = JSON.stringify([preview.fields, preview.warnings]);
    const group = groups.get(same) ?? { hosts: [], preview };
    group.hosts.push({ id: preview.hostId, name: preview.hostName });
    groups.set(same, group);
  }
  return [...groups.values()]
    .map(({ hosts, preview }) => ({ hosts, fields: preview.fields, warnings: preview.warnings }))
    .sort((a, b) => b.hosts.length - a.hosts.length);
}

/** Whether something that runs now would be gone, or might be, on some host. */
export function losesSomething(groups: readonly PreviewGroup[]): boolean {
  return groups.some(({ fields }) =>
    fields.some(({ effect }) => effect === "lost" || effect === "may-be-lost"),
  );
}

/** Whether the names of the configs in use are unknowable on some host, so that the person has to say them. */
export function configUnknowable(previews: readonly ScalePreview[]): boolean {
  return previews.some(({ fields }) =>
    fields.some(({ field, knownFrom }) => field === "config" && knownFrom === "unknowable"),
  );
}

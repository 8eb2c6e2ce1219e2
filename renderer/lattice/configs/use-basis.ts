import { useEffect, useState } from "react";
import type { ConfigPreview } from "../../../shared/lattice/config-operations.ts";

type Compared = Pick<ConfigPreview, "name" | "basis">;

/**
 * What the person has compared with: the first comparison of a name, and later ones only when they say so. What is
 * stored may be changed by others meanwhile, and must not be overwritten unseen.
 */
export function useBasis(preview: Compared | undefined) {
  const [accepted, setAccepted] = useState<Compared>();
  const same = preview !== undefined && accepted?.name === preview.name;
  useEffect(() => {
    if (preview && !same) setAccepted({ name: preview.name, basis: preview.basis });
  }, [preview, same]);
  return {
    accepted: same ? accepted.basis : preview?.basis,
    changedElsewhere: same && accepted.basis !== preview.basis,
    accept: () => preview && setAccepted({ name: preview.name, basis: preview.basis }),
  };
}

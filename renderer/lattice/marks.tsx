import type { ProviderRow } from "../../shared/lattice/schema.ts";
import { StateGlyph } from "../ui/state-glyph.tsx";
import type { GlyphShape, Tone } from "../ui/state-look.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import type { DriftField } from "./component-groups.ts";
import classes from "./lattice.module.css";

const driftWords: Record<DriftField, string> = {
  image: "image references",
  annotations: "annotations",
  limits: "limits",
  max: "maximum instances",
};

/** `◇ 2`: how many things differ between the hosts, and which on hover. */
export function DriftMark({ drift }: { drift: readonly DriftField[] }) {
  if (drift.length === 0) return null;
  const words = `Differs between hosts: ${drift.map((field) => driftWords[field]).join(", ")}`;
  return (
    <span className={classes.drift} role="img" aria-label={words} title={words}>
      <StateGlyph shape="diamond" tone="warn" /> {drift.length}
    </span>
  );
}

/** A table's name for something, with a glyph behind it where there is something to say; in line, so that a scroll lays out one box. */
export function MarkedName({ name, mono = false, mark }: MarkedNameProps) {
  return (
    <>
      <strong className={mono ? "mono" : undefined}>{name}</strong>
      {mark && (
        <span className={classes.afterName}>
          <StateGlyph {...mark} />
        </span>
      )}
    </>
  );
}

interface MarkedNameProps {
  name: string;
  mono?: boolean;
  mark: { shape: GlyphShape; tone: Tone; label: string } | undefined;
}

/** Says that wadm keeps a workload as its manifest says. */
export function WadmMark() {
  return (
    <span className={classes.wadm} title="wadm manages this and puts back what its manifest says">
      wadm
    </span>
  );
}

/** A provider's health; unknown is the normal state of one that never reported. */
export function HealthBadge({ health }: { health: ProviderRow["health"] }) {
  return health === "unknown" ? (
    <StatusBadge state={{ tone: "idle", shape: "ring", word: "unknown" }} />
  ) : (
    <StatusBadge state={health} />
  );
}

/** The part of an image reference that tells images apart: name and tag, without registry and path. */
export function imageTail(reference: string): string {
  const slash = reference.lastIndexOf("/");
  return slash < 0 ? reference : `…${reference.slice(slash)}`;
}

import { StateGlyph } from "./state-glyph.tsx";
import { lookOf, type StateLook } from "./state-look.ts";
import classes from "./status-badge.module.css";

export interface StatusBadgeProps {
  /** A state's name, such as `live` or `verified`; a look of one's own where the name has none. */
  state: string | StateLook;
  /** Stands instead of the state's word. */
  label?: string;
  /** With a soft ground; without it only glyph and word. */
  filled?: boolean;
}

/** A state as glyph, word and colour. */
export function StatusBadge({ state, label, filled = false }: StatusBadgeProps) {
  const look = typeof state === "string" ? lookOf(state) : state;
  const ground = filled ? `var(--${look.tone}-soft)` : undefined;
  const style = {
    color: look.tone === "idle" ? "var(--text-dim)" : `var(--${look.tone})`,
    ...(ground ? { background: ground, "--glyph-ground": ground } : {}),
  };
  return (
    <span className={filled ? `${classes.badge} ${classes.filled}` : classes.badge} style={style}>
      <StateGlyph shape={look.shape} tone={look.tone} />
      <span className={classes.word}>{label ?? look.word}</span>
    </span>
  );
}

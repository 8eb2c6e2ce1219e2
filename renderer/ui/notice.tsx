import type { ReactNode } from "react";
import classes from "./notice.module.css";
import { StateGlyph } from "./state-glyph.tsx";
import type { GlyphShape, Tone } from "./state-look.ts";

export interface NoticeProps {
  tone: Tone;
  shape: GlyphShape;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** One line high, for the top of a page or table. */
  slim?: boolean;
  /** `alert` interrupts a screen reader, `status` waits its turn. */
  role?: "alert" | "status" | "note";
}

/** A bordered message: glyph, what it is, more about it, what can be done. */
export function Notice({ tone, shape, title, children, actions, slim, role = "note" }: NoticeProps) {
  return (
    <div
      role={role}
      className={slim ? `${classes.notice} ${classes.slim}` : classes.notice}
      style={{ "--tone": `var(--${tone})` } as React.CSSProperties}
    >
      <span className={classes.glyph}>
        <StateGlyph shape={shape} tone={tone} size={14} />
      </span>
      <div>
        <div className={classes.title}>{title}</div>
        {children && <div className={classes.body}>{children}</div>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

import type { ReactNode } from "react";
import { AsOf, type Reading } from "./as-of.tsx";
import { useNotRead } from "./not-read.tsx";
import classes from "./page.module.css";

export interface PageProps {
  title: string;
  /** What there is, such as "1,284 ids · 9,310 instances". */
  counts?: ReactNode;
  /** The answer that the page shows, where no topic keeps it current. */
  reading?: Reading;
  actions?: ReactNode;
  /** Banners between the heading and the content. */
  notices?: ReactNode;
  /** The content scrolls as a whole; without it, it scrolls itself (a table). */
  scroll?: boolean;
  /** A drawer beside the content, which it pushes. */
  drawer?: ReactNode;
  children: ReactNode;
}

/** The frame of every page: title, counts, actions, notices, content, drawer. */
export function Page({ title, counts, reading, actions, notices, scroll, drawer, children }: PageProps) {
  // What could not be read is not counted as none.
  const counted = useNotRead() === undefined && counts;
  return (
    <div className={classes.page}>
      <div className={classes.column}>
        <div className={classes.heading}>
          <h1 className={classes.title}>{title}</h1>
          {counted && <div className={classes.counts}>{counted}</div>}
          {reading && (
            <div className={classes.reading}>
              <AsOf reading={reading} what={title.toLowerCase()} />
            </div>
          )}
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
        {notices && <div className={classes.notices}>{notices}</div>}
        {/* What scrolls has to be reachable by keyboard, also where nothing in it is. */}
        <div
          className={scroll ? `${classes.body} ${classes.scroll}` : classes.body}
          tabIndex={scroll ? 0 : undefined}
        >
          {children}
        </div>
      </div>
      {drawer}
    </div>
  );
}

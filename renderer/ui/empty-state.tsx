import type { ReactNode } from "react";
import classes from "./notice.module.css";

/** Says why there is nothing and offers the next step. */
export function EmptyState(props: { title: string; text?: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.centered}>
      <div className={classes.emptyTitle}>{props.title}</div>
      {props.text && <p>{props.text}</p>}
      {props.action}
    </div>
  );
}

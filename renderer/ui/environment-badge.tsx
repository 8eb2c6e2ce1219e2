import classes from "./environment-badge.module.css";

/** Where one is, such as PROD, in the connection's colour. */
export function EnvironmentBadge({ name, color }: { name: string; color: string }) {
  return (
    <span className={classes.badge} style={{ "--environment": color } as React.CSSProperties}>
      {name}
    </span>
  );
}

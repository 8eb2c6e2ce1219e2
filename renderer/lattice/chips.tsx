import classes from "./lattice.module.css";

/** Labels or annotations as chips; in a table those that every host has by itself are left to the drawer. */
export function Chips({ map, brief = false }: { map: Readonly<Record<string, string>>; brief?: boolean }) {
  const entries = Object.entries(map)
    .filter(([key]) => !brief || !key.startsWith("hostcore."))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const all = brief ? entries.map(([key, value]) => `${key}=${value}`).join("\n") : undefined;
  if (entries.length === 0) return <span className={classes.faint}>{brief ? "" : "none"}</span>;
  return (
    <span className={brief ? classes.chipLine : classes.chips} title={all}>
      {entries.map(([key, value]) => (
        <span key={key} className={classes.chip} title={`${key}=${value}`}>
          {key}={value}
        </span>
      ))}
    </span>
  );
}

import { StateGlyph } from "../ui/state-glyph.tsx";
import type { GlyphShape, Tone } from "../ui/state-look.ts";
import classes from "./comparison-table.module.css";

/** One thing as it is and as it would be; absent where there is none. */
export interface ComparisonLine {
  name: string;
  now?: string | undefined;
  after?: string | undefined;
  effect: "added" | "changed" | "removed" | "same";
  /** Says the effect in other words. */
  note?: string | undefined;
}

const marks: Record<ComparisonLine["effect"], { shape: GlyphShape; tone: Tone }> = {
  added: { shape: "ring", tone: "flight" },
  changed: { shape: "diamond", tone: "flight" },
  removed: { shape: "bang", tone: "warn" },
  same: { shape: "ring", tone: "idle" },
};

/** What is there beside what would be there, line by line; amber where something would be gone. */
export function ComparisonTable(props: {
  label: string;
  nameHeading: string;
  lines: readonly ComparisonLine[];
}) {
  const { label, nameHeading, lines } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className={classes.scroll} tabIndex={0} aria-label={label}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>{nameHeading}</th>
            <th>Now</th>
            <th>After</th>
            <th>Effect</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.name} data-effect={line.effect} data-gone={line.after === undefined || undefined}>
              <td className="mono">{line.name}</td>
              <td className={classes.value}>{line.now}</td>
              <td className={classes.value}>{line.after}</td>
              <td className={classes.effect}>
                {line.effect !== "same" && <StateGlyph {...marks[line.effect]} />} {line.note ?? line.effect}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

import classes from "./key-hint.module.css";
import { keyCaps } from "./keys.ts";

/** Keys as caps: `mod+k` as Ctrl K or ⌘ K, `g h` as one after the other. */
export function KeyHint({ keys }: { keys: string }) {
  return (
    <span className={classes.hint}>
      {keyCaps(keys).map((cap, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed text, in which a cap may come twice
        <kbd key={place} className={classes.cap}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}

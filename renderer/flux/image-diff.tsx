import classes from "./flux.module.css";

/** A unified diff of image lines; what differs within a line is marked. */
export function ImageDiff({ diff }: { diff: string }) {
  if (diff === "") return null;
  const lines = diff.split("\n");
  let container = "";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className={classes.diff} tabIndex={0} aria-label="What would change">
      {lines.map((line, at) => {
        if (line.startsWith("--- ")) return null;
        if (line.startsWith("+++ ")) return <File key={line} id={line.slice(4)} />;
        if (line.startsWith("@@ ")) {
          container = line.replaceAll("@@", "").trim();
          return null;
        }
        const other = line.startsWith("-") ? lines[at + 1] : lines[at - 1];
        // biome-ignore lint/suspicious/noArrayIndexKey: a diff does not change its order
        return <Line key={`${at} ${line}`} line={line} other={other} container={container} />;
      })}
    </section>
  );
}

function File({ id }: { id: string }) {
  return <div className={classes.diffFile}>{id}</div>;
}

function Line(props: { line: string; other: string | undefined; container: string }) {
  const { line, other, container } = props;
  const removed = line.startsWith("-");
  const text = line.slice(1).replace("image:", `${container}:`);
  const start = commonStart(line.slice(1), other?.slice(1) ?? "") + container.length - "image".length;
  return (
    <div className={classes.diffLine} data-kind={removed ? "removed" : "added"}>
      <span />
      <span aria-label={removed ? "removed" : "added"} role="img">
        {removed ? "−" : "+"}
      </span>
      <span>
        {text.slice(0, start)}
        <mark>{text.slice(start)}</mark>
      </span>
    </div>
  );
}

function commonStart(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  // From the beginning of the tag or name on, not from the middle of a number.
  return Math.max(left.lastIndexOf(":", at), left.lastIndexOf("/", at), 0) + 1;
}

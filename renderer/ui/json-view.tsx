import { useMemo } from "react";
import { CopyButton } from "./copy-button.tsx";
import classes from "./json-view.module.css";

interface JsonToken {
  kind: "key" | "string" | "number" | "word" | "plain";
  text: string;
  /** Where it begins; unique within one text. */
  at: number;
}

// A text whose end is missing reaches to the end: it would be tried anew from each quote in it.
const pattern =
  /(?<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\]|\\.)*"?)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<word>\b(?:true|false|null)\b)/g;

/** Cuts JSON text into its coloured parts; joined they are the text again, whatever the text is. */
export function jsonTokens(text: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) tokens.push({ kind: "plain", text: text.slice(end, match.index), at: end });
    tokens.push({ kind: kindOf(match.groups ?? {}), text: match[0], at: match.index });
    end = match.index + match[0].length;
  }
  if (end < text.length) tokens.push({ kind: "plain", text: text.slice(end), at: end });
  return tokens;
}

function kindOf(groups: Record<string, string | undefined>): JsonToken["kind"] {
  const kinds = ["key", "string", "number", "word"] as const;
  return kinds.find((kind) => groups[kind] !== undefined) ?? "plain";
}

const mostCharacters = 60_000;

/** A value as indented, coloured JSON that can be copied whole; very long ones are shown in part. */
export function JsonView({ value, label = "JSON" }: { value: unknown; label?: string }) {
  const text = useMemo(
    () => (typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "")),
    [value],
  );
  const tokens = useMemo(() => jsonTokens(text.slice(0, mostCharacters)), [text]);
  return (
    <div className={classes.view}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className={classes.text} tabIndex={0} aria-label={label}>
        {tokens.map((token) => (
          <Token key={token.at} token={token} />
        ))}
        {text.length > mostCharacters &&
          `\n… ${text.length - mostCharacters} more characters; copy to see all`}
      </section>
      <div className={classes.copy}>
        <CopyButton copied={{ text }} label={`Copy ${label}`} />
      </div>
    </div>
  );
}

function Token({ token }: { token: JsonToken }) {
  return token.kind === "plain" ? token.text : <span className={classes[token.kind]}>{token.text}</span>;
}

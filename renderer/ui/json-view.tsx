import { useMemo } from "react";
import { CopyButton } from "./copy-button.tsx";
import { type JsonToken, jsonTokens } from "./json-tokens.ts";
import classes from "./json-view.module.css";

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

export interface JsonToken {
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

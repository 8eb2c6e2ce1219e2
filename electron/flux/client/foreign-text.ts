const webScheme = /https?$/i;
const endsAuthority = /[\s/'"]/;

/**
 * A text without the passwords of the addresses in it; at http addresses the user goes too, which may be a token.
 * Daemons remove them (flux-rpc §3.1.10), but what git says of a failure may repeat them. Each character is looked at a
 * fixed number of times: the text may be megabytes of anything.
 */
export function withoutPasswords(text: string): string {
  const parts: string[] = [];
  let done = 0;
  let from = 0;
  for (let mark = text.indexOf("://", from); mark >= 0; mark = text.indexOf("://", from)) {
    const begin = mark + 3;
    const { end, at, colon } = readAuthority(text, begin);
    parts.push(text.slice(done, begin));
    done = begin;
    if (at >= 0) {
      if (!webScheme.test(text.slice(Math.max(0, mark - 5), mark)))
        parts.push(text.slice(begin, colon < 0 ? at : colon), "@");
      done = at + 1;
    }
    // The colon that ends this authority may begin the next "://".
    from = Math.max(begin, end - 1);
  }
  return done === 0 ? text : parts.concat(text.slice(done)).join("");
}

/** Where what stands before the path ends, in it the last "@", and before that the first ":". */
function readAuthority(text: string, begin: number): { end: number; at: number; colon: number } {
  let end = begin;
  let at = -1;
  let colon = -1;
  for (; end < text.length && !endsAuthority.test(text.charAt(end)); end++) {
    const character = text.charAt(end);
    if (character === "@") at = end;
    if (character === ":" && colon < 0) colon = end;
  }
  return { end, at, colon: colon < at ? colon : -1 };
}

/** How much of a daemon's texts is kept, in characters. */
export const textLimits = {
  /** A name, an id, a revision, a reference. */
  name: 1_024,
  /** What a daemon says of a failure, or what somebody wrote. */
  words: 4_096,
  /** A long explanation in several paragraphs (flux-rpc §7, trap 22). */
  help: 16_384,
} as const;

/** At most so many characters of a text; a mark at the end says that there was more. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  // Half of a pair is no character.
  return `${/[\ud800-\udbff]$/.test(cut.slice(-1)) ? cut.slice(0, -1) : cut}…`;
}

/** A daemon's words for a person: bounded first, and without the passwords of the addresses in them. */
export function readableText(text: string, most: number = textLimits.words): string {
  if (text.length <= most) return withoutPasswords(text);
  const cut = clip(text, most);
  const lastWord = lastBlank(cut) + 1;
  // An address that is cut may end amid its password, before the "@" that would tell.
  return withoutPasswords(cut.includes("://", lastWord) ? `${cut.slice(0, lastWord)}…` : cut);
}

/** A text with one full stop at its end, whether or not it has one already. */
export function sentence(text: string): string {
  const trimmed = text.trimEnd();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** What git or a daemon says of a failure, without the whole output that follows it. */
export function withoutOutput(text: string): string {
  return text.split(", full output:", 1)[0] ?? text;
}

/** Several texts in one sentence. */
export function joined(texts: readonly string[], separator = "; "): string {
  return texts.map((text) => text.trimEnd().replace(/\.$/, "")).join(separator);
}

function lastBlank(text: string): number {
  let at = text.length - 1;
  while (at >= 0 && !/\s/.test(text.charAt(at))) at--;
  return at;
}

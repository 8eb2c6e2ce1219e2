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

/** A text without what must not be shown: as it is, and as it stands in JSON or in an address. */
export function withoutHidden(text: string, hidden: readonly string[]): string {
  const forms = hidden
    .filter((secret) => secret !== "")
    .flatMap((secret) => [JSON.stringify(secret).slice(1, -1), inAddress(secret), secret]);
  return forms.reduce((rest, form) => rest.replaceAll(form, "***"), text);
}

/** What a far system said, as people may see it: bounded, and without `user:password@` and every given secret. */
export function withoutSecrets(text: string, hidden: readonly string[] = []): string {
  return withoutHidden(text, hidden)
    .replace(/\/\/[^\s/]*@/g, "//***@")
    .trim()
    .slice(0, 500);
}

function inAddress(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    // Half of a pair can stand in no address.
    return secret;
  }
}

/**
 * A text without the passwords of the addresses in it; at http addresses the user goes too, which may be a token.
 * Daemons remove them (flux-rpc §3.1.10), but what git says of a failure may repeat them.
 */
export function withoutPasswords(text: string): string {
  return text
    .replace(/(https?:\/\/)[^\s/@'"]+@/gi, "$1")
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s/:@'"]*):[^\s/@'"]+@/gi, "$1@");
}

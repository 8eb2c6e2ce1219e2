/** A shell command that sends the token of a file, and not in its own words, which every user can read in the list of processes. */
export function authorizedCurl(tokenFile: string, rest: string): string {
  return `printf 'Authorization: Bearer %s\\n' "$(cat ${quotedFile(tokenFile)})" | curl -sH @- ${rest}`;
}

/** The command that has a sign-in link made. */
export function linkCommand(origin: string, tokenFile: string): string {
  return authorizedCurl(tokenFile, `-X POST ${origin}/api/console/sign-in-links`);
}

function quotedFile(path: string): string {
  // The name of a variable is to be replaced by the shell.
  return path.startsWith("$") ? `"${path}"` : `'${path.replaceAll("'", `'\\''`)}'`;
}

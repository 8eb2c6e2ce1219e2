import type { Listening } from "../http-interface.ts";

/**
 * Says where the console answers. Only a terminal is told an address that opens it: everything else is kept
 * somewhere, such as the journal of a service or the log of a job.
 */
export function announce(
  listening: Listening,
  output: { isTTY?: boolean; write(text: string): unknown },
): void {
  if (output.isTTY) {
    output.write(`${listening.signInLink()}\n`);
    output.write("This link signs one browser in, once, within five minutes. For another one:\n");
  } else {
    output.write(`${listening.address}\n`);
    output.write("For a link that signs a browser in:\n");
  }
  output.write(`${linkCommand(listening)}\n`);
}

/** The token goes by standard input: what stands in a command line can be read in the list of processes. */
function linkCommand({ address, tokenFile }: Listening): string {
  const file = `'${tokenFile.replaceAll("'", `'\\''`)}'`;
  return `printf 'Authorization: Bearer %s\\n' "$(cat ${file})" | curl -sX POST -H @- ${address}api/console/sign-in-links`;
}

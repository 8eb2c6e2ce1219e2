const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

/** Prints one calm progress line, beside the results that go to standard output. */
export function note(text) {
  console.error(`${paint("2", "·")} ${text}`);
}

/** Prints something a person should not overlook. */
export function warn(text) {
  console.error(`${paint("33", "!")} ${text}`);
}

/** Prints the heading of a longer step. */
export function heading(text) {
  console.log(`\n${paint("1", text)}`);
}

/** Says how long something took since `start` (a `performance.now()` value). */
export function took(start) {
  const milliseconds = performance.now() - start;
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A failure whose message alone is what a person needs: it is printed without a stack. */
export class Failure extends Error {}

/** Runs a script's main function when that file is the one started, and ends with its exit code. */
export async function runAsScript(moduleMetadata, main) {
  const { realpathSync } = await import("node:fs");
  const { fileURLToPath } = await import("node:url");
  if (!process.argv[1] || realpathSync(process.argv[1]) !== fileURLToPath(moduleMetadata.url)) return;
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? 0;
  } catch (error) {
    console.error(error instanceof Failure ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

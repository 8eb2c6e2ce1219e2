import { askForAdvisories } from "./lib/supply/advisories.mjs";
import { readManifestAndLock } from "./lib/supply/lock.mjs";
import { importedPackages } from "./lib/supply/shipped.mjs";
import { heading, note, runAsScript, warn } from "./lib/terminal.mjs";
import { setup } from "./setup.mjs";

/** What the command ends with, so that a program can tell "none" from "not known". */
const exitCodes = { none: 0, found: 1, notKnown: 2 };

/** Says which packages have published advisories; answers `none`, `found` or `notKnown`, and what is shipped of it. */
export async function audit(options = []) {
  // It needs a package, which is there only when the set-up has run.
  const { unsafeVersions } = await import("./lib/supply/safe-versions.mjs");
  const { lock } = readManifestAndLock();
  const {
    shipped = [],
    building = [],
    unavailable,
  } = await askForAdvisories(lock, await importedPackages(), options);
  const known = unsafeVersions(lock);
  list("Known faults in what is shipped", [...known, ...shipped]);
  list("Known faults in what only builds and tests", building);
  if (unavailable) sayNotKnown(unavailable);
  const found = known.length + shipped.length + building.length > 0;
  if (!found && !unavailable)
    note(`the registry knows of no fault in the ${Object.keys(lock.packages).length - 1} packages`);
  return { result: found ? "found" : unavailable ? "notKnown" : "none", shipped: [...known, ...shipped] };
}

function list(title, lines) {
  if (lines.length === 0) return;
  heading(`${title}:`);
  console.log(lines.map((line) => `  ${line}`).join("\n"));
}

function sayNotKnown(reason) {
  warn(
    `NO ADVISORIES COULD BE ASKED FOR: ${reason.split("\n")[0]}\n` +
      "  Whether anything has been published against these packages is NOT KNOWN. Ask where npm's audit can be reached,\n" +
      "  or give another registry: npm run audit -- --registry=ADDRESS",
  );
}

await runAsScript(import.meta, async (options) => {
  await setup({ need: ["dependencies"] });
  return exitCodes[(await audit(options)).result];
});

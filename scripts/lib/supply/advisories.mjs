import { runNpm } from "../process.mjs";
import { bundlers } from "./bundled.mjs";
import { packagesThatMayShip } from "./shipped.mjs";

/** Advisories that are known not to reach this product: the address of each, and why. */
const accepted = {};

// A registry that cannot be reached is to be said soon, not after npm's long patience with it.
const npmOptions = ["--json", "--include=dev", "--fetch-retries=1", "--fetch-timeout=30000"];

/**
 * Asks the registry that npm is configured for which packages of package-lock.json have published advisories.
 * Answers `{ shipped, building }`, a line for each finding, or `{ unavailable }` with the reason where it cannot be
 * asked: then nothing is known, which is not the same as nothing found.
 */
export async function askForAdvisories(lock, imported, options = []) {
  const { code, standardOutput, output } = await runNpm(["audit", ...npmOptions, ...options], {
    capture: true,
  });
  const report = parsed(standardOutput);
  if (!report?.vulnerabilities)
    return { unavailable: reasonOf(report) ?? (output.trim() || `npm ended with ${code}`) };
  return sortFindings(report, lock, packagesThatMayShip(lock, imported));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(report) {
  return report?.message ?? report?.error?.summary;
}

/** Tells what reaches operators from what only builds: most of what is shipped is a development dependency for npm. */
function sortFindings({ vulnerabilities }, lock, mayShip) {
  const findings = { shipped: [], building: [] };
  for (const { name, nodes, via } of Object.values(vulnerabilities)) {
    // A package that is only affected through another has the other's name there, which is listed itself.
    const advisories = via.filter((one) => typeof one === "object" && !accepted[one.url]);
    if (advisories.length === 0) continue;
    const isShipped = nodes.some((path) => mayShip.has(path) && !bundlers.includes(path));
    const place = isShipped ? findings.shipped : findings.building;
    const versions = [...new Set(nodes.map((path) => lock.packages[path]?.version))].join(", ");
    for (const { severity, title, url } of advisories)
      place.push(`${name} ${versions}: ${severity}: ${title} (${url})`);
  }
  return findings;
}

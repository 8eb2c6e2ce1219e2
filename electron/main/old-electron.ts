import type { OldElectron } from "../../shared/console/schema.ts";

interface Electrons {
  version: string;
  builtFor: string;
  failure: string | undefined;
}

/** What there is to say of the Electron that runs: something where its major version is older than the one built for. */
export function oldElectron({ version, builtFor, failure }: Electrons): OldElectron | undefined {
  // A version that cannot be read is not taken for a good one.
  if (majorOf(version) >= majorOf(builtFor)) return undefined;
  return { version, builtFor, ...(failure && { failure: failure.slice(0, 200) }) };
}

function majorOf(version: string): number {
  const [, digits] = /^v?(\d+)\./.exec(version) ?? [];
  return digits === undefined ? -1 : Number(digits);
}

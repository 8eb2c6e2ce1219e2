/** Whether a host's version is at least this one; undefined when the version is not known or odd. */
export function isAtLeast(version: string | undefined, wanted: string): boolean | undefined {
  const [have, want] = [versionNumber(version ?? ""), versionNumber(wanted)];
  return have === undefined || want === undefined ? undefined : have >= want;
}

function versionNumber(version: string): number | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  if (!match) return undefined;
  return Number(match[1]) * 1_000_000 + Number(match[2]) * 1_000 + Number(match[3]);
}

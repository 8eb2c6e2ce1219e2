// The order matters: each names its forebears too.
const browsers: [RegExp, string][] = [
  [/\bEdg\/(\d+)/, "Edge"],
  [/\bOPR\/(\d+)/, "Opera"],
  [/\bFirefox\/(\d+)/, "Firefox"],
  [/\b(?:Headless)?Chrome\/(\d+)/, "Chrome"],
  [/\bVersion\/(\d+).*\bSafari\//, "Safari"],
];
const systems: [RegExp, string][] = [
  [/\bAndroid\b/, "Android"],
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** A browser as a person would name it, such as `Firefox 132 on Linux`; of others the beginning of what they say. */
export function browserName(userAgent: string | undefined): string {
  const text = (userAgent ?? "").slice(0, 400);
  for (const [pattern, name] of browsers) {
    const version = pattern.exec(text)?.[1];
    if (version === undefined) continue;
    const system = systems.find(([known]) => known.test(text))?.[1];
    return system ? `${name} ${version} on ${system}` : `${name} ${version}`;
  }
  const plain = text.replace(/[^ -~]/g, "").trim();
  return plain.slice(0, 40) || "unknown";
}

import { isIP } from "node:net";

/** Whether a host, as it stands in settings or in a URL, is this machine: what is sent there meets no network. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  if (isIP(name) === 4) return name.startsWith("127.");
  return name === "localhost" || name === "::1";
}

import { type LookupAddress, lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { Failure } from "../../shared/contract/index.ts";

/** IPv4 networks, where cloud machines are told who they are and what they may do, and "any address". */
const networks: readonly [string, number][] = [
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  // The metadata services of Alibaba, Oracle and Azure, which are not link-local.
  ["100.100.100.200", 32],
  ["192.0.0.192", 32],
  ["168.63.129.16", 32],
];

/** IPv6: unspecified, link-local, and the metadata services of Amazon (two) and Google. */
const networks6: readonly [string, number][] = [
  ["::", 128],
  ["fe80::", 10],
  ["fd00:ec2::254", 128],
  ["fd00:ec2::23", 128],
  ["fd20:ce::254", 128],
];

/** Prefixes of IPv6 addresses that carry an IPv4 address behind them, for a translator or a tunnel on the way. */
const carriers: readonly { prefix: (ipv4: string) => string; length: number }[] = [
  { prefix: (ipv4) => `::${ipv4}`, length: 96 },
  { prefix: (ipv4) => `64:ff9b::${ipv4}`, length: 96 },
  { prefix: (ipv4) => `2002:${hex(ipv4)}::`, length: 16 },
];

const withheld = new BlockList();
for (const [network, length] of networks) {
  withheld.addSubnet(network, length, "ipv4");
  // Of `::0.0.0.0/104` both `::1` and the short forms of other networks are a part.
  const carrying = network === "0.0.0.0" ? carriers.slice(1) : carriers;
  for (const { prefix, length: before } of carrying)
    withheld.addSubnet(prefix(network), before + length, "ipv6");
}
for (const [network, length] of networks6) withheld.addSubnet(network, length, "ipv6");

function hex(ipv4: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split(".").map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

let allowed = false;

/** Whether the whole process may connect to link-local and metadata addresses: it has one network. */
export function allowLinkLocal(allow: boolean): void {
  allowed = allow;
}

function isWithheld(address: string): boolean {
  if (allowed) return false;
  const family = isIP(address);
  return family !== 0 && withheld.check(address, family === 4 ? "ipv4" : "ipv6");
}

function refused(host: string, address: string): Failure {
  const leads = host === address ? `${host} is` : `${host} leads to ${address},`;
  return new Failure({
    code: "forbidden",
    message: `${leads} an address of the machine's own link or of a cloud's metadata service, to which this console does not connect.`,
    details: { cause: "address", address, delivered: false },
    hint: "If a system of yours really is there, start Switchyard with --allow-link-local.",
  });
}

/** Throws `forbidden` for a host that is written as an address which is not connected to. Names are for `allowedLookup`. */
export function requireAllowedHost(host: string): void {
  const address = host.replace(/^\[|\]$/g, "");
  if (isWithheld(address)) throw refused(address, address);
}

/**
 * Resolves a name for a socket, without the addresses that are not connected to: what was looked at here is what is connected.
 * Fails with the Failure `forbidden` where nothing else is left. Sockets do not ask it for hosts that are addresses already.
 */
export const allowedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error) return callback(error, []);
    const good = found.filter(({ address }) => !isWithheld(address));
    const [first] = good;
    if (!first) return callback(refused(hostname, found[0]?.address ?? hostname), []);
    if (options.all) callback(null, good);
    else callback(null, first.address, first.family);
  });
};

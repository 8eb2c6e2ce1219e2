import type { Random } from "../../kit/random.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const adjectives = [
  "amber",
  "autumn",
  "bold",
  "brave",
  "calm",
  "crimson",
  "crisp",
  "dawn",
  "eager",
  "fleet",
  "frosty",
  "gentle",
  "golden",
  "hidden",
  "humble",
  "icy",
  "lively",
  "lunar",
  "mellow",
  "misty",
  "noble",
  "patient",
  "proud",
  "quiet",
  "rapid",
  "restless",
  "silent",
  "silver",
  "solar",
  "steady",
  "still",
  "summer",
  "sunny",
  "vivid",
  "wild",
  "winter",
];

const nouns = [
  "anchor",
  "badger",
  "bay",
  "breeze",
  "brook",
  "canyon",
  "cedar",
  "cloud",
  "comet",
  "dune",
  "falcon",
  "field",
  "fjord",
  "forest",
  "glacier",
  "harbor",
  "heron",
  "hill",
  "island",
  "lagoon",
  "lake",
  "maple",
  "meadow",
  "moon",
  "morning",
  "orchard",
  "otter",
  "pine",
  "prairie",
  "reef",
  "ridge",
  "river",
  "shore",
  "summit",
  "thunder",
  "valley",
];

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      sum = sum & 0x8000 ? ((sum << 1) ^ 0x1021) & 0xffff : (sum << 1) & 0xffff;
  }
  return sum;
}

function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      text += alphabet[(buffer >>> (bits - 5)) & 31];
      bits -= 5;
    }
  }
  return text;
}

/** Makes a public nkey whose first letter is the given one and whose checksum is valid (wasmcloud-control §0). */
export function createPublicKey(firstLetter: "A" | "M" | "N" | "V", random: Random): string {
  const body = new Uint8Array(33);
  body[0] = alphabet.indexOf(firstLetter) << 3;
  for (let index = 1; index < body.length; index += 1) body[index] = random.integer(0, 255);
  const sum = checksum(body);
  return encodeBase32(Uint8Array.from([...body, sum & 0xff, sum >>> 8]));
}

/** Makes a friendly name of the form adjective-noun-NNNN (wasmcloud-control §3.1). */
export function createFriendlyName(random: Random): string {
  return `${random.pick(adjectives)}-${random.pick(nouns)}-${random.integer(1000, 9999)}`;
}

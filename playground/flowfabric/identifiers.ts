/** CRC-16/XMODEM, by which ids find their partition. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

export function partitionOfLane(lane: string, partitions: number): number {
  return crc16(Buffer.from(lane, "utf8")) % partitions;
}

export function partitionOfUuid(uuid: string, partitions: number): number {
  return crc16(Buffer.from(uuid.replaceAll("-", ""), "hex")) % partitions;
}

const uuidForms = /^(?:urn:uuid:)?\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?$/i;

/** Reads `{fp:N}:<uuid>`; a problem is the server's own text, without its `invalid execution_id: `. */
export function parseExecutionId(id: string): { partition: number } | { problem: string } {
  const match = /^\{fp:([^}]*)\}:([\s\S]*)$/.exec(id);
  if (!match) return { problem: `execution_id is missing the \`{fp:N}:\` hash-tag prefix: ${id}` };
  const [, index = "", suffix = ""] = match;
  const partition = /^\+?\d+$/.test(index) ? Number(index) : Number.NaN;
  if (!(partition <= 65_535)) return { problem: `execution_id partition index is not a valid u16: ${index}` };
  if (!uuidForms.test(suffix)) return { problem: `execution_id UUID suffix is not a valid UUID: ${suffix}` };
  return { partition };
}

/** The rule of lanes; the server's text when it is broken. */
export function laneProblem(lane: string): string | undefined {
  const bytes = Buffer.from(lane, "utf8");
  if (bytes.length === 0) return "lane_id is empty";
  if (bytes.length > 64) return `lane_id exceeds 64 bytes (got ${bytes.length})`;
  const odd = bytes.findIndex((byte) => byte < 0x20 || byte > 0x7e);
  return odd < 0 ? undefined : `lane_id contains non-ASCII-printable byte at index ${odd}`;
}

/** The rule of worker ids in claim and reclaim; the server's text when it is broken. */
export function workerProblem(id: string): string | undefined {
  const length = Buffer.byteLength(id, "utf8");
  if (length === 0) return "must not be empty";
  if (length > 256) return `exceeds 256 bytes (got ${length})`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the rule is about control characters
  return /[\s\u0000-\u001f\u007f-\u009f]/u.test(id)
    ? "must not contain whitespace or control characters"
    : undefined;
}

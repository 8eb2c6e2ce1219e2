import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";

// Read as they are specified, and not by the tools that wrote them.

const sentinel = Buffer.from("dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX");

/** In the order of the wire, which starts behind the sentinel with its version and its length. */
const fuseNames = [
  "RunAsNode",
  "EnableCookieEncryption",
  "EnableNodeOptionsEnvironmentVariable",
  "EnableNodeCliInspectArguments",
  "EnableEmbeddedAsarIntegrityValidation",
  "OnlyLoadAppFromAsar",
  "LoadBrowserProcessSpecificV8Snapshot",
  "GrantFileProtocolExtraPrivileges",
];

/** The fuses of an Electron executable; without those that its version does not know. */
export function readFuses(executable: string): Record<string, "on" | "off" | "removed"> {
  const binary = readFileSync(executable);
  const place = binary.indexOf(sentinel);
  if (place < 0) throw new Error(`${executable} has no fuses`);
  const [version, length = 0] = binary.subarray(place + sentinel.length);
  if (version !== 1) throw new Error(`fuses of version ${version} are not known here`);
  const wire = binary.subarray(place + sentinel.length + 2).subarray(0, length);
  const states = { 48: "off", 49: "on", 114: "removed" } as const;
  return Object.fromEntries(
    [...wire].map((state, index) => [
      fuseNames[index] ?? `fuse ${index}`,
      states[state as keyof typeof states],
    ]),
  );
}

interface ArchiveEntry {
  files?: Record<string, ArchiveEntry>;
  offset?: string;
  size?: number;
  unpacked?: boolean;
  integrity?: { algorithm: string; hash: string };
}

export interface ArchivedFile {
  /** From the root of the archive, with slashes. */
  path: string;
  /** Undefined for one that lies beside the archive. */
  content: Buffer | undefined;
  /** Whether the archive has the hash of just this content. */
  hashed: boolean;
}

/** All files of an asar archive. */
export function readArchive(file: string): ArchivedFile[] {
  const handle = openSync(file, "r");
  const read = (length: number, position: number) => {
    const buffer = Buffer.alloc(length);
    readSync(handle, buffer, 0, length, position);
    return buffer;
  };
  try {
    const head = read(16, 0);
    const contents = 8 + head.readUInt32LE(4);
    const index = JSON.parse(read(head.readUInt32LE(12), 16).toString()) as ArchiveEntry;
    return entriesOf(index, "").map(({ path, entry }) => {
      const { size = 0, offset = "0" } = entry;
      const content = entry.unpacked ? undefined : read(size, contents + Number(offset));
      const hash = content && createHash("sha256").update(content).digest("hex");
      return {
        path,
        content,
        hashed: entry.integrity?.algorithm === "SHA256" && entry.integrity.hash === hash,
      };
    });
  } finally {
    closeSync(handle);
  }
}

function entriesOf(folder: ArchiveEntry, path: string): { path: string; entry: ArchiveEntry }[] {
  return Object.entries(folder.files ?? {}).flatMap(([name, entry]) =>
    entry.files ? entriesOf(entry, `${path}/${name}`) : [{ path: `${path}/${name}`, entry }],
  );
}

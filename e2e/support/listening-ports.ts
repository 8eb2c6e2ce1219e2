import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The TCP ports that a process and its children listen on (Linux). */
export function listeningPorts(pid: number): number[] {
  const sockets = new Set(processTree(pid).flatMap(socketsOf));
  return ["/proc/net/tcp", "/proc/net/tcp6"]
    .flatMap((table) => readFileSync(table, "utf8").split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode = ""]) => state === "0A" && sockets.has(inode))
    .map(([, local = ""]) => Number.parseInt(local.split(":")[1] ?? "", 16));
}

/** A process and all that it started, by id (Linux). */
export function processTree(pid: number): number[] {
  const tasks = `/proc/${pid}/task`;
  try {
    const children = readdirSync(tasks).flatMap((task) =>
      readFileSync(`${tasks}/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
    return [pid, ...children.flatMap(processTree)];
  } catch {
    return [];
  }
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return quietly(() => readdirSync(folder), []).flatMap((name) => {
    const target = quietly(() => readlinkSync(`${folder}/${name}`), "");
    return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [];
  });
}

function quietly<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    // It ended, or was closed, while it was looked at.
    return otherwise;
  }
}

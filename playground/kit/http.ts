import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A part of a path that the template has a name for, as it came: still encoded. */
export interface PathParameter {
  name: string;
  segment: string;
}

/** The segments that stand where the template has a name in braces; an empty one does not match. */
export function matchPath(template: string, path: string): PathParameter[] | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const parameters: PathParameter[] = [];
  for (const [index, part] of wanted.entries()) {
    const segment = given[index] ?? "";
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined ? part !== segment : segment === "") return undefined;
    if (name !== undefined) parameters.push({ name, segment });
  }
  return parameters;
}

/** A segment as text; undefined where that is no UTF-8. */
export function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** Listens on loopback; resolves to the port, which is a free one for 0. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/** Ends at once, as a killed process does: open requests get no answer. */
export function closeAtOnce(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

import type { IncomingMessage } from "node:http";
import { createGunzip } from "node:zlib";

/** The body as text; undefined where it is longer than allowed. What remains of a longer one is thrown away. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  // Daemons send it plain and without a Content-Type (flux-rpc §1.10); a proxy on the way may have packed it.
  const packed = request.headers["content-encoding"] === "gzip";
  const stream = packed ? request.pipe(createGunzip()) : request;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString("utf8");
}

import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** The body as text; undefined where it is longer than allowed, or broken. The connection stays for the answer. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  // Daemons send it plain and without a Content-Type (flux-rpc §1.10); a proxy on the way may have packed it.
  const packed = request.headers["content-encoding"] === "gzip";
  const stream: Readable = packed ? request.pipe(createGunzip()) : request;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else {
        // What is packed may be a thousand times as large as what came, and nobody wants the rest.
        if (packed) {
          request.unpipe();
          stream.destroy();
        }
        request.pause();
        resolve(undefined);
      }
    });
    stream.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    for (const end of ["error", "close"] as const) stream.on(end, () => resolve(undefined));
    request.on("error", () => resolve(undefined));
  });
}

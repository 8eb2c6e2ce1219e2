import { request as send } from "node:http";
import type { HttpExchange } from "./recordings.ts";

/** What an exchange's answer is compared by. */
export interface ComparedAnswer {
  status: number | undefined;
  contentType: string | undefined;
  allow: string | undefined;
  body: unknown;
}

/** The recorded answer, as `resend` gives another one. */
export function recordedAnswer({ status, headers, body }: HttpExchange): ComparedAnswer {
  return { status, contentType: headers["content-type"], allow: headers.allow, body };
}

/** Sends a recorded request to a server as it was sent; a body that was cut as one that is too large. */
export function resend(
  url: string,
  { method, path, request, status, headers, authorized }: HttpExchange,
  token?: string,
): Promise<ComparedAnswer> {
  const isTooLarge = status === 413;
  const text = typeof request === "string" ? request : JSON.stringify(request);
  const body = isTooLarge ? JSON.stringify("x".repeat(3_000_000)) : request === null ? "" : text;
  const length = { "content-length": Buffer.byteLength(body) };
  // Some servers refuse by the announced length and close at once: the body goes only to those that ask for it.
  const expect = isTooLarge && { expect: "100-continue" };
  const type = status === 415 ? {} : { "content-type": "application/json" };
  const credential = authorized && token !== undefined && { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const outgoing = send(`${url}${path}`, {
      method,
      headers: { ...credential, ...(method === "POST" && { ...type, ...length, ...expect }) },
    });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const said = Buffer.concat(chunks).toString("utf8");
        const isJson = headers["content-type"] === "application/json";
        const { "content-type": contentType, allow } = response.headers;
        const read = said === "" ? null : isJson ? (JSON.parse(said) as unknown) : said;
        resolve({ status: response.statusCode, contentType, allow, body: read });
        outgoing.destroy();
      });
    });
    if (!isTooLarge) return outgoing.end(body);
    outgoing.on("continue", () => outgoing.end(body));
    outgoing.flushHeaders();
  });
}

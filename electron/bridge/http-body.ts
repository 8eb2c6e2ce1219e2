import type { IncomingMessage } from "node:http";
import { Failure } from "../../shared/contract/index.ts";
import { parseJson } from "./http-input.ts";

const mostBytes = 1_048_576;

/** The JSON object in the body, empty where there is none. Rejects with `invalid_input`, also for more than `most` bytes. */
export async function readBody(request: IncomingMessage, most = mostBytes): Promise<Record<string, unknown>> {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === "0")) return {};
  if (Number(length) > most) throw tooLarge(most);
  const text = await readText(request, most);
  if (text.trim() === "") return {};
  const body = parseJson(text, "body");
  if (typeof body === "object" && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw new Failure({ code: "invalid_input", message: "body: a JSON object is needed." });
}

function readText(request: IncomingMessage, most: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else reject(tooLarge(most));
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    const broken = () =>
      reject(new Failure({ code: "invalid_input", message: "body: it broke off before its end." }));
    request.on("error", broken);
    request.on("close", broken);
  });
}

function tooLarge(most: number): Failure {
  return new Failure({ code: "invalid_input", message: `body: more than ${most} bytes.` });
}

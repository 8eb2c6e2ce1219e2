import { Readable } from "node:stream";
import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { type CallOptions, Failure, type HttpCaller } from "../../../shared/contract/index.ts";

/** What the handlers of a request have beside it. */
export interface HttpEnv {
  /** Node's own request and reply, and what is to be said of the socket's owner; absent where there is no socket. */
  Bindings: Partial<HttpBindings> & { trust?: () => void };
  Variables: { caller: HttpCaller; body: Record<string, unknown> };
}

export type HttpContext = Context<HttpEnv>;

/** The target as it was sent: one that was put in order, as a URL is, may be that of something else. */
function targetOf(request: Request, env: HttpEnv["Bindings"] | undefined): string {
  return env?.incoming?.url ?? request.url.replace(/^\w+:\/\/[^/]*/, "");
}

/** The path, percent-encoded. */
export function pathOf(request: Request, options?: { env?: HttpEnv["Bindings"] }): string {
  return targetOf(request, options?.env).split("?", 1)[0] ?? "";
}

/** The fields of the query; throws `invalid_input` where one has several values. */
export function readQuery(c: HttpContext): Record<string, string> {
  const target = targetOf(c.req.raw, c.env);
  const mark = target.indexOf("?");
  const fields: Record<string, string> = {};
  if (mark < 0) return fields;
  for (const [name, text] of new URLSearchParams(target.slice(mark + 1))) {
    if (Object.hasOwn(fields, name) && fields[name] !== text) throw givenTwice(name);
    fields[name] = text;
  }
  return fields;
}

/** What the headers say beside the input. Throws `invalid_input` for one that is not percent-encoded. */
export function readOptions(c: HttpContext): CallOptions {
  const header = (name: string) => {
    const text = c.req.header(name);
    return text === undefined ? undefined : decodePercent(text, name);
  };
  const options: CallOptions = {};
  const reason = header("Switchyard-Reason");
  const batch = header("Switchyard-Batch");
  const token = header("Switchyard-Confirmation");
  const phrase = header("Switchyard-Phrase");
  if (reason) options.reason = reason.slice(0, 1_000);
  if (batch) options.batch = batch.slice(0, 100);
  if (token) options.confirmation = phrase === undefined ? { token } : { token, phrase };
  return options;
}

/** Reads the body as a JSON object, empty where there is none; `invalid_input` for anything else, and for more than `maxSize` bytes. */
export function takeBody(maxSize: number): MiddlewareHandler<HttpEnv> {
  const limit = bodyLimit({
    maxSize,
    onError: () => {
      throw new Failure({ code: "invalid_input", message: `body: more than ${maxSize} bytes.` });
    },
  });
  return async (c, next) => {
    c.set("body", {});
    const length = c.req.header("content-length") ?? "0";
    if (length === "0" && c.req.header("transfer-encoding") === undefined) return next();
    if (c.env.incoming) c.req.raw = withBody(c.req.raw, c.env.incoming);
    return limit(c, async () => {
      c.set("body", jsonObject(await readText(c)));
      await next();
    });
  };
}

/** The adapter's request cannot be copied, as the limit does; nor has a GET of the fetch standard a body, which it may have over a socket. */
function withBody({ url, headers }: Request, incoming: HttpBindings["incoming"]): Request {
  const body = Readable.toWeb(incoming) as ReadableStream;
  const init: RequestInit & { duplex: "half" } = { method: "POST", headers, body, duplex: "half" };
  return new Request(url, init);
}

async function readText(c: HttpContext): Promise<string> {
  try {
    return await c.req.text();
  } catch {
    throw new Failure({ code: "invalid_input", message: "body: it broke off before its end." });
  }
}

function jsonObject(text: string): Record<string, unknown> {
  if (text.trim() === "") return {};
  const body = parseJson(text, "body");
  if (typeof body === "object" && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw new Failure({ code: "invalid_input", message: "body: a JSON object is needed." });
}

/** JSON text of a field or a body; throws `invalid_input` naming it. */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure({
      code: "invalid_input",
      message: `${name}: this is not JSON.`,
      details: { fields: [{ path: name, message: "not JSON" }] },
    });
  }
}

/** Percent-encoded text; throws `invalid_input` naming where it stands. */
export function decodePercent(text: string, name: string): string {
  try {
    return text.includes("%") ? decodeURIComponent(text) : text;
  } catch {
    throw new Failure({ code: "invalid_input", message: `${name}: this has to be percent-encoded.` });
  }
}

export function givenTwice(name: string): Failure {
  const message = "given twice with different values";
  return new Failure({
    code: "invalid_input",
    message: `${name}: ${message}.`,
    details: { fields: [{ path: name, message }] },
    hint: "Nothing was done. Give each field once: in the path, in the query, or in the body.",
  });
}

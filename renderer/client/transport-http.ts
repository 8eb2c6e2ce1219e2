import { operations } from "../../shared/catalogue.ts";
import type { FailureData, Operation, Reply } from "../../shared/contract/index.ts";
import { asFailure, failureSchema } from "../../shared/contract/index.ts";
import { send } from "./browser-session.ts";
import { eventSourceBy } from "./event-source.ts";
import { type HttpRequest, httpRequestOf } from "./http-route.ts";
import { HttpStream } from "./http-stream.ts";
import type { Transport } from "./transport.ts";

const unreachable: FailureData = {
  code: "unreachable",
  message: "The console does not answer.",
  hint: "Check that the Switchyard process still runs, then try again.",
};

/** The transport of a browser: JSON over HTTP and one stream of server-sent events, same origin. */
export function createHttpTransport(): Transport {
  const stream = new HttpStream(eventSourceBy(send), whyRefused);
  return {
    platform: "browser",
    subscribe: (address, listener) => stream.subscribe(address, listener),
    async call(name, input, options) {
      const operation: Operation | undefined = (operations as Record<string, Operation>)[name];
      if (!operation) return refused({ code: "not_found", message: `There is no operation ${name}.` });
      try {
        const request = httpRequestOf(operation, input, options);
        return await exchange(request, operation.kind === "query" && operation.download === true);
      } catch (error) {
        return refused(asFailure(error).toData());
      }
    },
  };
}

async function whyRefused(): Promise<FailureData> {
  const reply = await exchange(httpRequestOf(operations["console.info"], {}), false);
  return reply.ok ? { ...unreachable, message: "The console refused the live stream." } : reply.failure;
}

async function exchange(request: HttpRequest, download: boolean): Promise<Reply> {
  const { url, ...init } = request;
  let response: Response;
  let text: string;
  try {
    response = await send(url, init);
    text = await response.text();
  } catch {
    return refused(unreachable);
  }
  if (!response.ok) return refused(failureOf(response.status, text));
  if (download) return { ok: true, output: fileOf(response, text) };
  return { ok: true, output: JSON.parse(text) };
}

function failureOf(status: number, text: string): FailureData {
  const parsed = failureSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  return { code: "internal", message: `The console answered with HTTP status ${status}.`, upstream: text };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fileOf(response: Response, text: string): { fileName: string; mediaType: string; text: string } {
  const disposition = response.headers.get("content-disposition") ?? "";
  const fileName = /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? "export";
  return { fileName, mediaType: response.headers.get("content-type") ?? "text/plain", text };
}

function refused(failure: FailureData): Reply {
  return { ok: false, failure };
}

import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { endpointUrl } from "./dialer.ts";

/** Posts one event; throws the text that a job shows when it is not accepted (flux-rpc §1.10). */
export function postEvent(to: { connect: string; token: string }, event: unknown): Promise<void> {
  const url = endpointUrl(to.connect, "http", "v6/events");
  const body = Buffer.from(JSON.stringify(event));
  // There is no Content-Type, as from the real daemon.
  const headers: Record<string, string | number> = {
    Accept: "application/json",
    "Content-Length": body.length,
  };
  if (to.token !== "") headers.Authorization = `Scope-Probe token=${to.token}`;
  const send = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(
      url,
      { method: "POST", headers, timeout: 10_000, rejectUnauthorized: false },
      (response) => {
        response.resume();
        const { statusCode = 0, statusMessage = "" } = response;
        if ([200, 201, 202, 204].includes(statusCode)) resolve();
        else {
          const reason =
            statusCode === 401 ? "request failed authentication" : `${statusCode} ${statusMessage}`;
          reject(new Error(`executing HTTP request: ${reason}`));
        }
      },
    );
    request.on("error", (error) =>
      // Without any answer the words stand twice (flux-rpc §1.10).
      reject(new Error(`executing HTTP request: executing HTTP request: Post "${url}": ${error.message}`)),
    );
    request.on("timeout", () => request.destroy(new Error("timeout")));
    request.end(body);
  });
}

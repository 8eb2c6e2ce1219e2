import { describe, expect, test } from "vitest";
import { bothSides, failureOf, id } from "../testing/both-sides.ts";
import { FlowfabricClient } from "./client.ts";
import { answerDetails } from "./http-failure.ts";

const sides = bothSides();

describe("the server", () => {
  test("is well, or its backend is down, or it is SQLite and cannot be pinged", async () => {
    expect(await sides.client.health()).toEqual({ status: "ok" });
    sides.server.state.store.become("gone");
    expect((await failureOf(sides.client.health())).code).toBe("unreachable");
    expect((await failureOf(sides.client.listExecutions(0))).details).toMatchObject({
      status: 500,
      retry: "later",
    });
    await sides.instead({ backend: "sqlite" });
    expect(answerDetails(await failureOf(sides.client.health()))).toMatchObject({
      status: 503,
      kind: "unavailable",
    });
    expect((await failureOf(sides.client.listExecutions(0))).upstream).toContain("sqlite.list_executions");
  });

  test("has metrics in builds with observability only", async () => {
    expect((await failureOf(sides.client.metrics())).code).toBe("not_found");
    await sides.instead({ token: "secret" });
    expect((await failureOf(sides.client.metrics())).code).toBe("unauthenticated");
    await sides.instead({ observability: true });
    await sides.client.health();
    expect(await sides.client.metrics()).toContain(
      'ff_http_requests_total{method="GET",path="/healthz",status="200"',
    );
  });

  test("wants its token for everything but its health", async () => {
    await sides.instead({ token: "right" }, "wrong");
    expect(await sides.client.health()).toEqual({ status: "ok" });
    const failure = await failureOf(sides.client.listExecutions(0));
    expect(failure.code).toBe("unauthenticated");
    expect(answerDetails(failure)).toMatchObject({ status: 401, refused: true });
    expect(JSON.stringify(failure.toData())).not.toContain("wrong");
    await sides.instead({ token: "right" }, "right");
    expect(await sides.client.listExecutions(0)).toEqual({ executions: [], next_cursor: null });
  });

  test("rejects before a handler runs: route, method, size, type, shape", async () => {
    const raw = async (path: string, init: RequestInit): Promise<[number, string]> => {
      const response = await fetch(`${sides.server.url}${path}`, init);
      return [response.status, await response.text()];
    };
    const cancel = `/v1/executions/${encodeURIComponent(id)}/cancel`;
    const body = (text: string): RequestInit => ({
      method: "POST",
      body: text,
      headers: { "content-type": "application/json" },
    });
    expect(await raw("/v1/nothing", {})).toEqual([404, ""]);
    expect(await raw(cancel, { method: "PUT" })).toEqual([405, ""]);
    expect(await raw(cancel, body("{"))).toEqual([400, '{"error":"invalid JSON: Bad Request"}']);
    expect(await raw(cancel, body("{}"))).toEqual([422, '{"error":"invalid JSON: Unprocessable Entity"}']);
    expect(await raw(cancel, { method: "POST", body: "{}" })).toEqual([
      415,
      '{"error":"invalid JSON: Unsupported Media Type"}',
    ]);
    expect(await raw(cancel, body(" ".repeat(65_537)))).toEqual([
      413,
      '{"error":"payload_too_large","limit_bytes":65536,"route":"/v1/executions/{id}/cancel"}',
    ]);
    expect((await raw("/v1/executions", {}))[1]).toContain("missing field `partition`");
    expect((await raw(`/v1/executions/${encodeURIComponent(id)}/attempts/x/stream`, {}))[1]).toMatch(
      /^Invalid URL: /,
    );
  });
});

test("an id that would change the path is refused before anything is sent", async () => {
  const failure = await failureOf(sides.client.execution(".."));
  expect(failure.details?.delivered).toBe(false);
  expect(sides.server.requests).toEqual([]);
});

test("braces of an id are encoded as the SDK does", () => {
  const address = sides.client.address({ segments: ["v1", "executions", "{fp:7}:1111"] });
  expect(address).toBe(`${sides.server.url}/v1/executions/%7Bfp:7%7D:1111`);
});

test("nobody there is a failure of which nothing was delivered", async () => {
  await sides.server.stop();
  const failure = await failureOf(sides.client.health());
  expect(failure.code).toBe("unreachable");
  expect(failure.details?.delivered).toBe(false);
  expect(failure.message).toMatch(/^Nothing accepts connections at /);
});

test("a token that no header can carry is refused when the client is made", () => {
  expect(() => new FlowfabricClient({ url: sides.server.url, timeoutMs: 1, token: "a\nb" })).toThrow(
    /no HTTP header/,
  );
  expect(() => new FlowfabricClient({ url: sides.server.url, timeoutMs: 1, token: " " })).toThrow(/empty/);
});

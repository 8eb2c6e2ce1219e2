import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import type { ConnectionProfile } from "../../shared/connections/schema.ts";
import { ask } from "../support/lattice.ts";
import type { PlaygroundProcess } from "../support/playground.ts";
import { connectionId, expect, test } from "../support/story.ts";
import { listenOnWire } from "../support/wire.ts";

async function serve(answer: RequestListener) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/** What a foreign page gets from a websocket on which it behaves like a client of NATS. */
function byWebsocket(page: Page, url: string, token: string | undefined): Promise<string> {
  const connect = `CONNECT ${JSON.stringify({ verbose: false, pedantic: false, auth_token: token })}\r\n`;
  const event = '{"specversion":"1.0","type":"com.wasmcloud.lattice.host_started"}';
  const publish = `PUB wasmbus.evt.default.host_started ${event.length}\r\n${event}\r\nPING\r\n`;
  return page.evaluate(
    ([address, said]) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(address);
        let heard = "";
        socket.binaryType = "arraybuffer";
        socket.onopen = () => socket.send(said);
        socket.onmessage = ({ data }) => {
          heard += typeof data === "string" ? data : new TextDecoder().decode(data as ArrayBuffer);
          if (heard.includes("PONG")) resolve(`let in: ${heard}`);
        };
        socket.onclose = () => resolve(heard === "" ? "refused" : `greeted: ${heard}`);
      }),
    [url, connect + publish] as const,
  );
}

/** What a foreign page gets by each kind of request that a page can make without being asked for permission, and with. */
function byFetch(page: Page, url: string, token: string): Promise<string[]> {
  return page.evaluate(
    async ([address, secret]) => {
      const plain = { "content-type": "text/plain" };
      const signed = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
      const kinds: RequestInit[] = [
        { mode: "no-cors" },
        { mode: "cors" },
        { mode: "no-cors", method: "POST", headers: plain, body: `AUTH ${secret}\r\nSET posted 1\r\n` },
        { mode: "cors", method: "POST", headers: plain, body: "{}" },
        { mode: "cors", headers: signed },
        { mode: "cors", method: "POST", headers: signed, body: "{}" },
      ];
      const got: string[] = [];
      for (const kind of kinds)
        got.push(
          await fetch(address, { ...kind, credentials: "omit", signal: AbortSignal.timeout(20_000) }).then(
            async (response) => `${response.type} ${response.status} ${await response.text()}`,
            (error: Error) => error.name,
          ),
        );
      return got;
    },
    [url, token] as const,
  );
}

/** Every port of a playground as an address of HTTP, with a secret that is right there. */
function ports({ natsUrl, natsToken, websocketUrl, systems }: PlaygroundProcess): [string, string][] {
  const { flowfabric, forge } = systems as Record<string, Record<string, string>>;
  const web = (address: string | undefined) => String(address).replace(/^\w+:/, "http:");
  return [
    [web(natsUrl), natsToken],
    [web(websocketUrl), natsToken],
    [web(flowfabric?.valkey), String(flowfabric?.valkeyPassword)],
    [`${flowfabric?.url}/healthz`, String(flowfabric?.token)],
    [`${flowfabric?.url}/metrics`, String(flowfabric?.token)],
    [`${flowfabric?.url}/v1/executions?partition_id=3`, String(flowfabric?.token)],
    [`${forge?.url}/queue/overview`, String(forge?.token)],
    [`${forge?.url}/queue/cleanup`, String(forge?.token)],
  ];
}

/** The addresses behind a connection of the playground. */
function addressesOf(profile: ConnectionProfile): string[] {
  switch (profile.system) {
    case "lattice":
      return profile.target.addresses;
    case "flowfabric":
      return [`${profile.target.url}/metrics`, ...(profile.target.valkey?.addresses ?? [])];
    case "forge":
      return [`${profile.target.url}/queue/overview`];
    case "flux":
      return [`http://127.0.0.1:${profile.target.port}/v6/events`];
  }
}

/** No answer, or one of which a page is told nothing at all. */
const nothing = /^(TypeError|opaque 0 )$/;

test("no web page can speak to the playground, not even with its secrets, and the console lives", async ({
  stage,
}) => {
  test.skip(stage.shell !== "chromium", "a foreign page needs a browser");
  const playground = await stage.playground(["--systems", "flowfabric,forge"]);
  const started = await stage.follow(playground);
  const wire = await listenOnWire(playground, ["wasmbus.evt.default.host_started", "wasmbus.ctl.>"]);
  const careless = await serve((_request, response) => {
    response.setHeader("access-control-allow-origin", "*").setHeader("access-control-allow-headers", "*");
    response.end("whatever you like");
  });
  const evil = await serve((_request, response) => response.end("<!doctype html><title>Evil</title>"));
  const page = await started.page.context().newPage();
  await page.goto(`http://evil.localhost:${evil.port}/`);

  // What the page tries does work on a server that lets it.
  const reached = await byFetch(page, `http://127.0.0.1:${careless.port}/`, "");
  expect(reached[1]).toBe("cors 200 whatever you like");
  expect(reached[5]).toBe("cors 200 whatever you like");

  for (const token of [undefined, playground.natsToken])
    expect(await byWebsocket(page, playground.websocketUrl, token)).toBe("refused");
  for (const [address, secret] of ports(playground))
    for (const got of await byFetch(page, address, secret)) expect(got, address).toMatch(nothing);

  expect(await wire.heard()).not.toContain("wasmbus.evt.default.host_started");
  await page.close();
  const [lattice] = await ask(started, "lattice.lattices.list", { connectionId });
  expect(lattice).toMatchObject({ phase: "live", hosts: { live: 5 }, malformedEvents: 0 });
  await expect(started.page.getByRole("region", { name: "Key figures" })).toContainText("5 live");
  await wire.stop();
  evil.close();
  careless.close();
});

test("no web page can speak to the systems that a console simulates for its first start", async ({
  stage,
}) => {
  test.skip(stage.shell !== "chromium", "a foreign page needs a browser");
  const started = await stage.open({ args: [] });
  await expect
    .poll(async () => (await ask(started, "connections.list", {})).map(({ status }) => status.state), {
      timeout: 60_000,
    })
    .toEqual(["open", "open", "open", "open"]);
  const rows = await ask(started, "connections.list", {});
  const evil = await serve((_request, response) => response.end("<!doctype html><title>Evil</title>"));
  const page = await started.page.context().newPage();
  await page.goto(`http://evil.localhost:${evil.port}/`);
  for (const { profile } of rows) {
    for (const address of addressesOf(profile))
      for (const got of await byFetch(page, address.replace(/^\w+:/, "http:"), "guessed"))
        expect(got, address).toMatch(nothing);
  }
  await page.close();
  evil.close();
  expect((await ask(started, "playground.get", {})).natsRunning).toBe(true);
});

import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { run } from "./lib/process.mjs";

const servers = [];
afterEach(() =>
  Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))),
);

/** A registry on loopback that answers questions about advisories; `asked` is what npm wanted to know. */
async function registry(answer) {
  const asked = {};
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    if (!request.url.endsWith("/security/advisories/bulk")) return response.writeHead(404).end("{}");
    Object.assign(asked, JSON.parse(gunzipSync(body)));
    const reply = answer();
    response.writeHead(reply.status, { "Content-Type": "application/json" }).end(reply.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return { asked, address: `http://127.0.0.1:${server.address().port}/` };
}

function audit(address) {
  return run(process.execPath, ["scripts/audit.mjs", `--registry=${address}`], { capture: true });
}

function advisory(title) {
  return {
    id: 1,
    url: `https://advisories.example/${title}`,
    title,
    severity: "high",
    vulnerable_versions: "<9999",
    cwe: [],
  };
}

describe("npm run audit", () => {
  it("says that nothing is known, having asked about what the page bundles too", async () => {
    const { asked, address } = await registry(() => ({ status: 200, body: "{}" }));
    const { code, output } = await audit(address);
    expect(output).toContain("knows of no fault in the");
    expect(code).toBe(0);
    expect(Object.keys(asked)).toEqual(
      expect.arrayContaining(["@mantine/core", "react", "electron", "ws", "vite", "@libsql/darwin-arm64"]),
    );
  });

  it("tells faults of what is shipped from those of what only builds, and ends with 1", async () => {
    const body = JSON.stringify({
      react: [advisory("in-the-page")],
      nats: [advisory("in-the-main-process")],
      vite: [advisory("in-the-server-for-development")],
    });
    const { address } = await registry(() => ({ status: 200, body }));
    const { code, output } = await audit(address);
    const [shipped, building] = output.split("what only builds");
    expect(shipped).toMatch(/react \d\S+: high: in-the-page .*\n.*nats|nats .*\n.*react/s);
    expect(building).toMatch(/vite \d\S+: high: in-the-server-for-development/);
    expect(code).toBe(1);
  });

  it.each([
    ["does not offer advisories", () => ({ status: 405, body: "" })],
    ["answers something else", () => ({ status: 200, body: "<html>welcome</html>" })],
  ])("never calls it clean where the registry %s: it ends with 2", async (_, answer) => {
    const { address } = await registry(answer);
    const { code, output } = await audit(address);
    expect(output).toMatch(/NO ADVISORIES COULD BE ASKED FOR: \S+/);
    expect(output).toContain("NOT KNOWN");
    expect(output).not.toContain("knows of no fault");
    expect(code).toBe(2);
  });

  it("ends with 2 where nothing answers at all", async () => {
    const { address } = await registry(() => ({ status: 200, body: "{}" }));
    await new Promise((resolve) => servers.pop().close(resolve));
    expect((await audit(address)).code).toBe(2);
  });
});

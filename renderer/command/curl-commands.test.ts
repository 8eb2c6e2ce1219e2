import { beforeEach, expect, test, vi } from "vitest";
import { curlOf, farCurlOf } from "./curl-commands.ts";
import { writtenLines } from "./testing/written.ts";

const desktop = { location: { origin: "null", protocol: "app:" } };
const browser = { location: { origin: "http://127.0.0.1:4100", protocol: "http:" } };
const input = { connectionId: "prod", lattice: "shop", hostId: "N1", timeoutMs: 5 };

beforeEach(() => {
  vi.stubGlobal("window", browser);
});

test("the console's token reaches curl by its input, for other users can read its words", () => {
  expect(writtenLines([curlOf("lattice.hosts.stop", input)])).toBe(
    [
      `sed 's/^/Authorization: Bearer /' "$SWITCHYARD_TOKEN_FILE" | curl -X POST -H @- \\`,
      "  -H 'Accept: application/json' \\",
      "  -H 'Content-Type: application/json' \\",
      `  --data-raw '{"lattice":"shop","timeoutMs":5}' \\`,
      "  http://127.0.0.1:4100/api/connections/prod/lattice/hosts/N1/stop",
    ].join("\n"),
  );
});

test("the desktop's port is a variable that a shell expands", () => {
  vi.stubGlobal("window", desktop);
  expect(writtenLines([curlOf("lattice.hosts.stop", input)])).toContain(
    `  http://127.0.0.1:"$SWITCHYARD_PORT"/api/connections/prod/lattice/hosts/N1/stop`,
  );
});

test("a body that begins with @ names no file, and braces in an address make no list of it", () => {
  const far = farCurlOf({
    protocol: "http",
    method: "POST",
    address: "http://ff.test/v1/executions/{fp:1}",
    payload: "@/etc/passwd",
  });
  expect(far && writtenLines([far])).toBe(
    "curl -X POST -H 'Content-Type: application/json' --data-raw @/etc/passwd --globoff 'http://ff.test/v1/executions/{fp:1}'",
  );
});

test("what is not sent by HTTP is no command of curl", () => {
  expect(farCurlOf({ protocol: "nats", address: "a.b" })).toBeUndefined();
  expect(farCurlOf({ protocol: "http", address: "(nothing is sent)" })).toBeUndefined();
});

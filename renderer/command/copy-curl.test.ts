import { beforeAll, expect, test, vi } from "vitest";
import { recordedCurl } from "./copy-curl-menu.tsx";
import { writtenLines } from "./testing/written.ts";

const executionId = "{fp:86}:00000000-0000-4000-8000-000000000001";

beforeAll(() => {
  vi.stubGlobal("window", { location: { origin: "http://127.0.0.1:4100", protocol: "http:" } });
});

test("each input becomes a command with its route and body", () => {
  const text = writtenLines(
    recordedCurl("flowfabric.executions.priority", [
      { connectionId: "ff", executionId, priority: 7 },
      { connectionId: "ff", executionId, priority: 8 },
    ]),
  );
  expect(text.match(/curl -X PUT/g)).toHaveLength(2);
  expect(text).toContain(`/executions/${encodeURIComponent(executionId)}/priority`);
  expect(text).toContain(`--data-raw '{"priority":8}'`);
  expect(text).not.toContain("#");
});

test("a rotation's own secret is left out, and that is said", () => {
  const secretHex = "5a".repeat(32);
  const input = { connectionId: "ff", keyId: "k2", way: "direct" as const };
  const text = writtenLines(recordedCurl("flowfabric.rotations.start", [{ ...input, secretHex }]));
  expect(text).not.toContain(secretHex);
  expect(text).toMatch(/^# A secret is left out here\.\nsed .* \| curl -X POST/);
  expect(text).toContain(`"keyId":"k2"`);
  expect(writtenLines(recordedCurl("flowfabric.rotations.start", [input]))).not.toContain("#");
});

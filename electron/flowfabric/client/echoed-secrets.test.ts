import { describe, expect, it } from "vitest";
import { answeringServer } from "../testing/answering-server.ts";
import { failureOf, id } from "../testing/both-sides.ts";
import { FlowfabricClient } from "./client.ts";

const server = answeringServer();
const token = 'Tok+en/with"quotes and=more';
const secretHex = "c0ffee5ec2e7".repeat(6).slice(0, 64);

/** As proxies write it that show what they refused. */
const echoes = [
  `denied: authorization: Bearer ${token}, body {"new_kid":"k2","new_secret_hex":"${secretHex}"}`,
  JSON.stringify({ error: `denied ${token} ${secretHex}`, kind: "validation" }),
  `see /login?token=${encodeURIComponent(token)}&body=${secretHex}`,
];

describe.each([400, 401, 403, 404, 409, 418, 429, 500, 502, 504, 302])(
  "a failure with status %i",
  (status) => {
    it.each(echoes)("does not bring back what was sent: %s", async (body) => {
      const client = new FlowfabricClient({ url: server.url, token, timeoutMs: 5_000 });
      const contentType = body.startsWith("{") ? "application/json" : "text/plain";
      server.answer = { status, body, contentType };
      const failures = [
        await failureOf(client.rotateWaitpointSecret({ keyId: "k2", secretHex })),
        await failureOf(client.replayExecution(id)),
      ];
      client.close();
      const [rotation, replay] = failures.map((failure) => JSON.stringify(failure.toData()));
      for (const form of [token, JSON.stringify(token).slice(1, -1), encodeURIComponent(token)]) {
        expect(rotation).not.toContain(form);
        expect(replay).not.toContain(form);
      }
      expect(rotation).not.toContain(secretHex);
      if (failures[0]?.upstream) expect(rotation).toContain("***");
    });
  },
);

import { describe, expect, test } from "vitest";
import { bothSides, failureOf } from "../testing/both-sides.ts";
import { answerDetails } from "./http-failure.ts";

const sides = bothSides();
const pair = { keyId: "kid-2026-05-03", secretHex: "ab".repeat(32) };

describe("rotation", () => {
  test("counts every partition, and counts those that had the key already again", async () => {
    expect(await sides.client.rotateWaitpointSecret(pair)).toEqual({
      rotated: 256,
      failed: [],
      new_kid: pair.keyId,
    });
    expect(await sides.client.rotateWaitpointSecret(pair)).toEqual({
      rotated: 256,
      failed: [],
      new_kid: pair.keyId,
    });
    expect(await sides.server.keystores.currentKid(255)).toBe(pair.keyId);
  });

  test("names the partitions that failed, in order", async () => {
    for (const partition of [201, 17])
      sides.server.rotation.faults.set(partition, { kind: "transport", times: 1 });
    expect(await sides.client.rotateWaitpointSecret(pair)).toMatchObject({ rotated: 254, failed: [17, 201] });
    expect(await sides.client.rotateWaitpointSecret(pair)).toMatchObject({ rotated: 256, failed: [] });
  });

  test("has one entry on Postgres, and no grace", async () => {
    await sides.instead({ backend: "postgres" });
    expect(await sides.client.rotateWaitpointSecret(pair)).toMatchObject({ rotated: 1, failed: [] });
  });

  test.each([
    [{ ...pair, keyId: "a:b" }, 400, "must not contain"],
    [{ ...pair, secretHex: "abc" }, 400, "even-length hex"],
  ])("refuses bad input: %j", async (bad, status, words) => {
    const failure = await failureOf(sides.client.rotateWaitpointSecret(bad));
    expect(failure.code).toBe("upstream_refused");
    expect(failure.upstream).toContain(words);
    expect(answerDetails(failure)).toMatchObject({ status, retry: "never", refused: true });
  });

  test("SQLite takes 64 digits only", async () => {
    await sides.instead({ backend: "sqlite" });
    const failure = await failureOf(sides.client.rotateWaitpointSecret({ ...pair, secretHex: "abcd" }));
    expect(failure.message).toContain("64 hex characters");
  });

  test("all failed is a 400 that may be an outage or a conflict, and says so", async () => {
    for (let partition = 0; partition < 256; partition += 1)
      sides.server.rotation.faults.set(partition, { kind: "conflict" });
    const failure = await failureOf(sides.client.rotateWaitpointSecret(pair));
    expect(failure.message).toMatch(/did not answer in time, or the key id is in use/);
    expect(failure.hint).toMatch(/same pair again.*fresh key id/);
    expect(answerDetails(failure)).toMatchObject({ status: 400, retry: "check-first", refused: false });
  });

  test("a second rotation in the same process is a 429", async () => {
    sides.server.rotation.faults.set(3, { kind: "delay", milliseconds: 300 });
    const first = sides.client.rotateWaitpointSecret(pair);
    await expect.poll(() => sides.server.rotation.busy).toBe(true);
    const failure = await failureOf(sides.client.rotateWaitpointSecret({ ...pair, keyId: "second" }));
    expect(failure.code).toBe("rate_limited");
    expect(failure.hint).toMatch(/may be using another key/);
    expect(answerDetails(failure)).toMatchObject({ retry: "check-first", sentRetryable: true });
    expect(await first).toMatchObject({ rotated: 256 });
  });

  test("the server's deadline is a 504: still running, and safe to send again", async () => {
    await sides.instead({ rotateDeadlineMilliseconds: 50 });
    sides.server.rotation.faults.set(3, { kind: "delay", milliseconds: 2_000, times: 1 });
    const failure = await failureOf(sides.client.rotateWaitpointSecret(pair));
    expect(failure.code).toBe("timeout");
    expect(failure.hint).toMatch(/same request again is safe/);
    expect(answerDetails(failure)).toMatchObject({ status: 504, retry: "now", refused: false });
    expect(sides.server.rotation.audit.at(-1)).toMatchObject({
      event: "waitpoint_hmac_rotation_timeout_http_504",
    });
    expect(await sides.client.rotateWaitpointSecret(pair)).toMatchObject({ rotated: 256 });
  });

  test("silence is a timeout, of which nobody knows what happened", async () => {
    sides.server.rotation.faults.set(3, { kind: "delay", milliseconds: 1_000, times: 1 });
    const failure = await failureOf(sides.client.rotateWaitpointSecret(pair, 100));
    expect(failure.code).toBe("timeout");
    expect(failure.details?.delivered).toBeUndefined();
  });

  test("the secret is in no audit record and no failure", async () => {
    sides.server.rotation.faults.set(3, { kind: "transport" });
    await sides.client.rotateWaitpointSecret(pair);
    const failure = await failureOf(
      sides.client.rotateWaitpointSecret({ keyId: "a:b", secretHex: pair.secretHex }),
    );
    expect(JSON.stringify([sides.server.rotation.audit, failure.toData()])).not.toContain(pair.secretHex);
  });
});

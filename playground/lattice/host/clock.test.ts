import { describe, expect, it } from "vitest";
import { createRandom } from "../../kit/random.ts";
import { eventId, humanUptime, timestamp } from "./clock.ts";
import { createFriendlyName, createPublicKey } from "./identity.ts";

describe("times and identities", () => {
  it.each([
    [0, "0s"],
    [61, "1m 1s"],
    [3661, "1h 1m 1s"],
    [90_061, "1day 1h 1m 1s"],
    [172_800, "2days"],
    [2_630_016, "1month"],
    [31_557_600 * 2 + 1, "2years 1s"],
  ])("writes %i seconds as %s", (seconds, text) => {
    expect(humanUptime(seconds)).toBe(text);
  });

  it("writes times with nine digits, in order", () => {
    const times = Array.from({ length: 100 }, timestamp);
    expect(times[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    expect([...times].sort()).toEqual(times);
    expect(Math.abs(Date.parse(times[0] ?? "") - Date.now())).toBeLessThan(5000);
  });

  it("makes event ids that begin with the time", () => {
    const id = eventId();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    const milliseconds = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
    expect(Math.abs(milliseconds - Date.now())).toBeLessThan(5000);
  });

  it("makes the same valid keys and names from the same seed", async () => {
    const { nkeys } = await import("nats");
    const key = createPublicKey("N", createRandom(7));
    expect(key).toMatch(/^N[A-Z2-7]{55}$/);
    expect(createPublicKey("N", createRandom(7))).toBe(key);
    expect(createPublicKey("N", createRandom(8))).not.toBe(key);
    expect(nkeys.fromPublic(key).getPublicKey()).toBe(key);
    expect(createFriendlyName(createRandom(7))).toMatch(/^[a-z]+-[a-z]+-\d{4}$/);
  });
});

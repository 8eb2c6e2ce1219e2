import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { systemClock } from "../../upstream/clock.ts";
import { ActivityEngine } from "./engine.ts";
import { type Action, Scenario, type Shape } from "./testing/scenario.ts";

let scenario: Scenario;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00Z") });
});
afterEach(() => {
  scenario.close();
  vi.useRealTimers();
});

async function after(steps: readonly Action[], shape: Partial<Shape> = {}): Promise<void> {
  const whole = { watchable: true, readable: true, verifyWhenOver: false, failsFrom: -1, ...shape };
  scenario = new Scenario(whole, (parts) => new ActivityEngine({ clock: systemClock, ...parts }));
  await scenario.begin();
  for (const step of steps) await scenario.perform(step);
}

const states = () => scenario.memory?.steps.map(({ state }) => state).join(" ");

it("a reconcile five seconds into a slow start leaves it open, and its event still verifies it", async () => {
  await after(["accept", "second", "second", "second", "second", "second", "reconcile", "readOtherwise"]);
  expect(scenario.memory).toMatchObject({
    state: "acknowledged",
    message: "read failed It may still be under way for 5 s: reconcile again then.",
  });
  for (const step of ["confirm", "readAsWanted"] as const) await scenario.perform(step);
  expect(states()).toBe("recorded sent acknowledged confirmed verified");
});

it("a reading that was begun before the wait was over does not contradict when it comes after it", async () => {
  await after(["accept", "reconcile", "wait", "readOtherwise"]);
  expect(scenario.memory).toMatchObject({
    state: "unknown",
    message: expect.stringMatching(/reconcile again/),
  });
});

it("without an acknowledgement the waiting time counts from the sending", async () => {
  await after(["second", "second", "noAnswer", "reconcile", "readOtherwise"]);
  expect(scenario.memory).toMatchObject({ state: "unknown", message: expect.stringMatching(/for 8 s/) });
});

it.each([
  ["in one process", ["accept", "wait"]],
  ["of what an earlier process left", ["accept", "restart", "wait"]],
] as const)("two who reconcile at once %s share one reading and its answer", async (_name, before) => {
  await after([...before, "reconcileTwice"]);
  expect(scenario.readings).toBe(1);
  await scenario.perform("readOtherwise");
  const [[one, other] = []] = await Promise.all(scenario.pairs);
  expect(one).toMatchObject({ state: "failed" });
  expect(other).toEqual(one);
  expect(scenario.records.filter(({ state }) => state === "failed")).toHaveLength(1);
});

it("who reconciles while it is resumed does not get a second tracker of it", async () => {
  await after(["accept", "restart", "resume", "reconcile", "confirm", "readNothing", "readAsWanted"]);
  expect(states()).toBe("recorded sent acknowledged unknown confirmed verified");
  expect(scenario.watches).toBe(0);
});

it("a reading that contradicts revokes nothing that was confirmed, and is noted", async () => {
  await after(["accept", "confirm", "readOtherwise"]);
  expect(scenario.memory).toMatchObject({
    state: "confirmed",
    message: "It was confirmed, and the state has changed since: read failed",
  });
  await scenario.perform("reconcile");
  await scenario.perform("readAsWanted");
  expect(scenario.memory?.state).toBe("verified");
});

it("the far side's own word that it failed counts at once, also after it was confirmed", async () => {
  await after(["accept", "reconcile", "readProof"]);
  expect(states()).toBe("recorded sent acknowledged failed");
  scenario.close();
  await after(["accept", "confirm", "readProof"]);
  expect(states()).toBe("recorded sent acknowledged confirmed failed");
});

it.each([
  ["readAsWanted", "verified"],
  ["readOtherwise", "failed"],
  ["readNothing", "unknown"],
] as const)("where the reply is no proof, one reading decides at once: %s is %s", async (reading, state) => {
  await after(["over", reading]);
  expect(states()).toBe(`recorded sent acknowledged ${state}`);
  expect(scenario.readings).toBe(0);
});

it("a failure that may be somebody else's is unknown, and later evidence still counts", async () => {
  await after(["accept", "doubt", "doubt"]);
  expect(scenario.memory).toMatchObject({ state: "unknown", message: "unknown" });
  expect(scenario.memory?.evidence.map(({ summary }) => summary)).toHaveLength(2);
  for (const step of ["confirm", "readAsWanted"] as const) await scenario.perform(step);
  expect(states()).toBe("recorded sent acknowledged unknown confirmed verified");
});

it("of what came before the answer, success counts whatever the order", async () => {
  await after(["fail", "confirm", "accept", "readAsWanted"]);
  expect(states()).toBe("recorded sent acknowledged confirmed verified");
});

it("one verifying reading without an answer settles nothing: it is tried again", async () => {
  await after(["accept", "confirm", "readNothing"]);
  expect(scenario.readings).toBe(0);
  await scenario.perform("second");
  expect(scenario.readings).toBe(1);
  await scenario.perform("readAsWanted");
  expect(states()).toBe("recorded sent acknowledged confirmed verified");
});

it("is tried again until the waiting time is over, and three times at least, and then says why it is open", async () => {
  await after(["accept", "confirm"]);
  let tries = 0;
  for (; scenario.readings > 0; tries++) {
    await scenario.perform("readNothing");
    for (let seconds = 0; seconds < 10; seconds++) await scenario.perform("second");
  }
  expect(tries).toBe(4);
  expect(scenario.memory).toMatchObject({
    state: "confirmed",
    message: "The present state could not be read: no answer",
  });
});

it("where a reading is to decide and has no answer, it is unknown at once and tried again", async () => {
  await after(["accept", "wait", "readNothing"], { verifyWhenOver: true });
  expect(states()).toBe("recorded sent acknowledged unknown");
  for (const step of ["second", "readAsWanted"] as const) await scenario.perform(step);
  expect(states()).toBe("recorded sent acknowledged unknown verified");
});

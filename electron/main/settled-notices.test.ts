import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { connectionProfileSchema } from "../../shared/connections/schema.ts";
import type { Activity, ActivityState } from "../../shared/contract/index.ts";
import { type SettledNotice, SettledNotices } from "./settled-notices.ts";

const profile = connectionProfileSchema.parse({
  id: "prod",
  name: "prod-eu",
  color: "#c92f2f",
  environment: "PROD",
  system: "lattice",
  target: { addresses: ["nats://127.0.0.1:4222"], lattice: "shop" },
});

let shown: SettledNotice[];
let wanted: boolean;
let notices: SettledNotices;

beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  wanted = true;
  notices = new SettledNotices({
    isWanted: () => wanted,
    show: (notice) => shown.push(notice),
    profile: (id) => (id === "prod" ? profile : undefined),
  });
});
afterEach(() => {
  notices.close();
  vi.useRealTimers();
});

function step(id: string, state: ActivityState, more: Partial<Activity> = {}): void {
  const at = new Date().toISOString();
  const common = {
    operation: "lattice.components.scale",
    title: `Scale ${id} to 5`,
    message: `${id} is ${state}.`,
  };
  const rest = { actor: "ada", transport: "ipc" as const, input: {}, evidence: [], steps: [] };
  notices.hear({
    id,
    state,
    connectionId: "prod",
    ...common,
    ...rest,
    startedAt: at,
    updatedAt: at,
    ...more,
  });
}

it("tells once when an activity has come to rest, and where to look", () => {
  for (const state of ["recorded", "sent", "acknowledged"] as const) step("cart", state);
  vi.advanceTimersByTime(60_000);
  expect(shown).toEqual([]);
  step("cart", "confirmed");
  vi.advanceTimersByTime(300);
  step("cart", "verified");
  vi.advanceTimersByTime(60_000);
  expect(shown).toEqual([
    {
      title: "Scale cart to 5: verified",
      body: "PROD prod-eu: cart is verified.",
      path: "/c/prod/shop/activity?open=cart",
    },
  ]);
});

it("sums a bulk up when nothing of it is under way any more, what needs a look first", () => {
  const batch = "b1";
  step("a", "recorded", { batch });
  step("b", "recorded", { batch });
  step("a", "verified", { batch });
  vi.advanceTimersByTime(10_000);
  expect(shown).toEqual([]);
  step("b", "failed", { batch });
  vi.advanceTimersByTime(500);
  step("c", "recorded", { batch });
  step("c", "verified", { batch });
  vi.advanceTimersByTime(2_000);
  expect(shown).toEqual([
    {
      title: "Scale a to 5 and 2 more",
      body: "PROD prod-eu: 1 failed, 2 verified",
      path: "/c/prod/shop/activity?batch=b1",
    },
  ]);
});

it("says nothing of what somebody saw settle, nor to somebody who has come back meanwhile", () => {
  wanted = false;
  step("seen", "verified");
  wanted = true;
  vi.advanceTimersByTime(2_000);
  step("seen", "verified");
  step("left", "verified");
  wanted = false;
  vi.advanceTimersByTime(2_000);
  wanted = true;
  vi.advanceTimersByTime(60_000);
  expect(shown).toEqual([]);
});

it("tells of an unknown end, and again when it is settled, but not of a confirmed one that is verified too", () => {
  step("lost", "unknown", { connectionId: "gone" });
  vi.advanceTimersByTime(2_000);
  step("lost", "failed", { connectionId: "gone" });
  vi.advanceTimersByTime(2_000);
  step("quick", "confirmed", { target: { kind: "component", id: "quick", label: "quick", lattice: "blue" } });
  vi.advanceTimersByTime(2_000);
  step("quick", "verified");
  vi.advanceTimersByTime(2_000);
  expect(shown.map(({ title, path }) => [title, path])).toEqual([
    ["Scale lost to 5: unknown", "/activity?open=lost"],
    ["Scale lost to 5: failed", "/activity?open=lost"],
    ["Scale quick to 5: confirmed", "/c/prod/blue/activity?open=quick"],
  ]);
});

it("shows what far systems say as plain text of bounded length", () => {
  const message = `<img src=x> <b>bold</b> &amp; \u202etxt\u0007 ${"long ".repeat(1_000)}`;
  step("cart", "failed", { title: "Scale <i>cart</i>\nto 5", message });
  vi.advanceTimersByTime(60_000);
  const [{ title = "", body = "" } = {}] = shown;
  expect(title).toBe("Scale ‹i›cart‹/i› to 5: failed");
  expect(body).toMatch(/^PROD prod-eu: ‹img src=x› ‹b›bold‹\/b› ＆amp; txt {1,2}long/);
  expect(body.length).toBeLessThan(500);
});

import { describe, expect, it, vi } from "vitest";
import type { EventRow } from "../../shared/events/schema.ts";
import { EventFollower, type EventSearch } from "./event-follower.ts";

function event(sequence: number): EventRow {
  return {
    sequence,
    connectionId: "c",
    lattice: "default",
    receivedAt: new Date(sequence * 1_000).toISOString(),
    type: "component_scaled",
    known: true,
    severity: "info",
    entityKind: "component",
    entityId: sequence % 2 === 0 ? "cart" : "hello",
    summary: "",
  };
}

/** A log that answers as the console's does, over events 1 to `newest`. */
function logUpTo(newest: { value: number }, fits: (row: EventRow) => boolean = () => true) {
  const search: EventSearch = async ({ before = Number.POSITIVE_INFINITY, after = 0, limit = 500 }) => {
    const all = Array.from({ length: newest.value }, (_, at) => event(at + 1)).filter(fits);
    const found = all.filter(({ sequence }) => sequence < before && sequence > after).reverse();
    return { rows: found.slice(0, limit), more: found.length > limit };
  };
  return vi.fn(search);
}

function live(newest: number, skipped = 0) {
  const from = Math.max(1, newest - 499);
  return { rows: Array.from({ length: newest - from + 1 }, (_, at) => event(from + at)), skipped };
}

const scope = { connectionId: "c", lattice: "default" };
const shown = (follower: EventFollower) => follower.getState().window?.rows.map((row) => row.sequence);

describe("EventFollower", () => {
  it("opens on the newest page and lists live events without asking the log again", async () => {
    const newest = { value: 3 };
    const search = logUpTo(newest);
    const follower = new EventFollower({ search, scope, filter: "", fits: () => true });
    follower.setLive(live(3));
    await follower.open();
    newest.value = 5;
    follower.setLive(live(5));
    expect(shown(follower)).toEqual([5, 4, 3, 2, 1]);
    expect(search).toHaveBeenCalledTimes(1);
  });

  it("does not list what came after it was held, though the first page was still being read", async () => {
    const newest = { value: 3 };
    const follower = new EventFollower({ search: logUpTo(newest), scope, filter: "", fits: () => true });
    follower.setLive(live(3));
    newest.value = 5;
    const opened = follower.open();
    follower.setHeld(true);
    await opened;
    expect(shown(follower)).toEqual([3, 2, 1]);
    expect(follower.getState().window).toMatchObject({ arrived: 2 });
    follower.setLive(live(6));
    expect(follower.getState().window).toMatchObject({ arrived: 3 });
    follower.setHeld(false);
    expect(shown(follower)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it("loses nothing over a pause in which more went by than the live topic holds", async () => {
    const newest = { value: 3 };
    const follower = new EventFollower({ search: logUpTo(newest), scope, filter: "", fits: () => true });
    follower.setLive(live(3));
    await follower.open();
    follower.setHeld(true);
    newest.value = 1_003;
    follower.setLive(live(1_003, 500));
    expect(shown(follower)).toEqual([3, 2, 1]);
    expect(follower.getState().window).toMatchObject({ arrived: 500, atLeast: true });
    follower.setHeld(false);
    await vi.waitFor(() => expect(shown(follower)).toHaveLength(1_003));
    expect(new Set(shown(follower)).size).toBe(1_003);
    follower.close();
  });

  it("reads older pages down to the beginning of the log", async () => {
    const search = logUpTo({ value: 1_200 });
    const follower = new EventFollower({ search, scope, filter: "", fits: () => true });
    await follower.open();
    await follower.readOlder();
    await follower.readOlder();
    await follower.readOlder();
    expect(shown(follower)).toHaveLength(1_200);
    expect(follower.getState().window?.more).toBe(false);
    expect(search).toHaveBeenCalledTimes(3);
  });

  it("asks the log where only the log can tell what fits", async () => {
    const newest = { value: 4 };
    const even = (row: EventRow) => row.entityId === "cart";
    const follower = new EventFollower({
      search: logUpTo(newest, even),
      scope,
      filter: "raw:~x",
      fits: undefined,
    });
    await follower.open();
    newest.value = 8;
    follower.setLive(live(8));
    await vi.waitFor(() => expect(shown(follower)).toEqual([8, 6, 4, 2]));
    follower.close();
  });

  it("stays in the past after a jump, until it is let go", async () => {
    const newest = { value: 1_500 };
    const follower = new EventFollower({ search: logUpTo(newest), scope, filter: "", fits: () => true });
    follower.setLive(live(1_500));
    await follower.open(701);
    expect(shown(follower)?.[0]).toBe(700);
    follower.setHeld(false);
    await vi.waitFor(() => expect(shown(follower)?.[0]).toBe(1_500));
    expect(shown(follower)?.at(-1)).toBe(201);
    follower.close();
  });

  it("says what went wrong and keeps what it has", async () => {
    const newest = { value: 600 };
    const search = logUpTo(newest);
    const follower = new EventFollower({ search, scope, filter: "", fits: () => true });
    await follower.open();
    search.mockRejectedValueOnce(new Error("gone"));
    await follower.readOlder();
    expect(follower.getState().failure?.code).toBe("internal");
    expect(shown(follower)).toHaveLength(500);
  });
});

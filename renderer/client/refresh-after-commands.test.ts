import { expect, test } from "vitest";
import type { Activity } from "../../shared/contract/index.ts";
import { changedActivities } from "./refresh-after-commands.ts";

const activity = (id: string, state: Activity["state"]) => ({ id, state }) as Activity;

test("what was there before is no news; what is new, or has come further, is", () => {
  const changed = changedActivities();
  expect(changed([activity("a", "sent"), activity("b", "verified")])).toEqual([]);
  const next = [activity("a", "verified"), activity("b", "verified"), activity("c", "recorded")];
  expect(changed(next).map(({ id }) => id)).toEqual(["a", "c"]);
  expect(changed(next)).toEqual([]);
});

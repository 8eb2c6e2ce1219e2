import { QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import type { Activity } from "../../shared/contract/index.ts";
import { queryClient } from "./query.ts";
import { changedActivities, refreshTarget } from "./refresh-after-commands.ts";

afterEach(() => queryClient.clear());

const activity = (id: string, state: Activity["state"]) => ({ id, state }) as Activity;

test("what was there before is no news; what is new, or has come further, is", () => {
  const changed = changedActivities();
  expect(changed([activity("a", "sent"), activity("b", "verified")])).toEqual([]);
  const next = [activity("a", "verified"), activity("b", "verified"), activity("c", "recorded")];
  expect(changed(next).map(({ id }) => id)).toEqual(["a", "c"]);
  expect(changed(next)).toEqual([]);
});

test("the answers about a command's target are read again, and no preview, other target or other connection", async () => {
  const read = vi.fn();
  const show = (name: string, input: Record<string, unknown>): void => {
    const queryKey = [name, input];
    queryClient.setQueryData(queryKey, {});
    const observer = new QueryObserver(queryClient, {
      queryKey,
      queryFn: () => read(name, input) ?? {},
      staleTime: Number.POSITIVE_INFINITY,
    });
    observer.subscribe(() => undefined);
  };
  const here = { connectionId: "here", id: "a1" };
  show("lattice.components.preview-scale", { connectionId: "here", componentId: "a1" });
  show("forge.jobs.get", here);
  show("forge.jobs.get", { ...here, id: "b2" });
  show("forge.jobs.get", { ...here, connectionId: "there" });
  refreshTarget({ connectionId: "here", target: { kind: "job", id: "a1", label: "a1" } });
  await vi.waitFor(() => expect(read).toHaveBeenCalled());
  expect(read.mock.calls).toEqual([["forge.jobs.get", here]]);
});

import { QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { queryClient, refreshOperation } from "./query.ts";

afterEach(() => queryClient.clear());

/** A shown answer that comes when it is let. */
function shown(daemonId: string) {
  const asked: ((answer: number) => void)[] = [];
  const observer = new QueryObserver(queryClient, {
    queryKey: ["flux.images.list", { connectionId: "flux", daemonId }],
    queryFn: () => new Promise<number>((resolve) => asked.push(resolve)),
  });
  const states: (number | undefined)[] = [];
  observer.subscribe(({ data }) => states.push(data));
  return { asked, states, input: { connectionId: "flux", daemonId } };
}

test("an answer that is still awaited is not asked for anew, so that a silent far side is found out", () => {
  const stuck = shown("stuck");
  void refreshOperation("flux.images.list", stuck.input);
  void refreshOperation("flux.images.list", stuck.input);
  expect(stuck.asked).toHaveLength(1);
});

test("an answer that is there is read again, and no other one", async () => {
  const [shop, edge] = [shown("shop"), shown("edge")];
  for (const { asked } of [shop, edge]) asked[0]?.(1);
  await vi.waitFor(() => expect([shop.states.at(-1), edge.states.at(-1)]).toEqual([1, 1]));
  void refreshOperation("flux.images.list", shop.input);
  expect(shop.asked).toHaveLength(2);
  expect(edge.asked).toHaveLength(1);
});

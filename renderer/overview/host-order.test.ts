import { expect, it } from "vitest";
import type { HostRow } from "../../shared/lattice/schema.ts";
import { hostsByConcern } from "./hosts-panel.tsx";

it("puts lost and stale hosts before the live ones, and stopped ones last", () => {
  const host = (friendlyName: string, status: HostRow["status"]) => ({ friendlyName, status }) as HostRow;
  const given = [
    host("b", "live"),
    host("a", "live"),
    host("c", "stopped"),
    host("d", "lost"),
    host("e", "stale"),
  ];
  expect(hostsByConcern(given).map(({ friendlyName }) => friendlyName)).toEqual(["d", "e", "a", "b", "c"]);
  expect(given[0]?.friendlyName).toBe("b");
});

import { expect, it } from "vitest";
import type { ConfigUsage } from "../../../shared/lattice/config-operations.ts";
import { inUseText, usersText } from "./config-usage.tsx";

type Workload = ConfigUsage["workloads"][number];
const user = (id: string, more: Partial<Workload> = {}): Workload => ({
  kind: "component",
  id,
  hostId: "n1",
  hostName: "host",
  running: true,
  ...more,
});
const usage = (...workloads: Workload[]): ConfigUsage => ({ name: "c", links: [], workloads, note: "" });

it("counts those that may use a config apart from those that do", () => {
  expect(usersText(usage())).toBeUndefined();
  expect(inUseText(usage())).toBeUndefined();
  expect(inUseText(usage(user("a"), user("b")))).toBe("It is in use: 2 components");
  const both = usage(user("a"), user("b", { kind: "provider", possible: true }));
  expect(inUseText(both)).toBe("It is in use: 1 component, and possibly 1 provider");
  expect(inUseText(usage(user("a", { possible: true })))).toBe("It may be in use: possibly 1 component");
});

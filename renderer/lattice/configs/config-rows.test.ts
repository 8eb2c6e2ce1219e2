import { expect, it } from "vitest";
import { configRows } from "./config-rows.ts";

it("counts the links that name a config, one that names it at both ends once", () => {
  const link = (sourceConfig: string[], targetConfig: string[]) => ({
    sourceId: "cart",
    target: "keyvalue-redis",
    witNamespace: "wasi",
    witPackage: "keyvalue",
    interfaces: ["store"],
    name: "default",
    sourceConfig,
    targetConfig,
  });
  const configs = ["shared", "unused", "SECRET_db"].map((name) => ({
    name,
    secret: name.startsWith("SECRET"),
  }));
  const rows = configRows(configs, [link(["shared"], ["shared"]), link([], ["shared", "elsewhere"])]);
  expect(rows).toEqual([
    { name: "shared", secret: false, links: 2 },
    { name: "unused", secret: false, links: 0 },
    { name: "SECRET_db", secret: true, links: 0 },
  ]);
});

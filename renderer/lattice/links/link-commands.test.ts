import { beforeAll, describe, expect, it, vi } from "vitest";
import { latticeTargetSchema } from "../../../shared/connections/schema.ts";
import { written } from "../../command/testing/written.ts";
import { deleteLinkCommands, putLinkCommands } from "./link-commands.ts";

const place = {
  connectionId: "prod-eu",
  lattice: "shop",
  target: latticeTargetSchema.parse({ addresses: ["nats://nats.example.test:4222"] }),
};
const link = {
  sourceId: "cart",
  target: "keyvalue-redis",
  witNamespace: "wasi",
  witPackage: "keyvalue",
  interfaces: ["store", "atomics"],
  name: "cache",
  sourceConfig: [],
  targetConfig: ["redis-cluster"],
};

beforeAll(() => {
  vi.stubGlobal("window", { location: { origin: "http://127.0.0.1:4100", protocol: "http:" } });
});

function bodyOf(nats: string): unknown {
  return JSON.parse(/'(\{.*\})'$/.exec(nats)?.[1] ?? "");
}

describe("a link as commands", () => {
  it("is put with all eight fields", () => {
    const { nats, wash, curl } = written(putLinkCommands(place, link));
    expect(nats).toContain(" wasmbus.ctl.v1.shop.link.put ");
    expect(bodyOf(nats)).toEqual({
      source_id: "cart",
      target: "keyvalue-redis",
      name: "cache",
      wit_namespace: "wasi",
      wit_package: "keyvalue",
      interfaces: ["store", "atomics"],
      source_config: [],
      target_config: ["redis-cluster"],
    });
    expect(wash).toContain("--interface store --interface atomics --target-config redis-cluster");
    expect(curl).toContain("curl -X PUT");
    expect(curl).toContain("/api/connections/prod-eu/lattice/links");
  });

  it("is deleted by its key alone", () => {
    const { nats, wash, curl } = written(deleteLinkCommands(place, link));
    const key = { source_id: "cart", name: "cache", wit_namespace: "wasi", wit_package: "keyvalue" };
    expect(bodyOf(nats)).toEqual(key);
    expect(wash).toContain("wash link del cart wasi keyvalue --link-name cache");
    expect(curl).toContain("sourceId=cart");
    expect(`${nats}${wash}${curl}`).not.toContain("keyvalue-redis");
  });
});

import { beforeAll, describe, expect, it, vi } from "vitest";
import { latticeTargetSchema } from "../../../shared/connections/schema.ts";
import { written } from "../../command/testing/written.ts";
import { auctionCommands } from "./copy-auction.ts";

const target = latticeTargetSchema.parse({
  addresses: ["nats://nats.example.test:4222"],
  lattice: "default",
  requestTimeoutMs: 2_000,
  auctionTimeoutMs: 5_000,
});
const place = { connectionId: "prod-eu", lattice: "shop", target };
const question = { id: "cart", imageReference: "x/cart:2", constraints: { zone: "eu-1" } };

beforeAll(() => {
  vi.stubGlobal("window", { location: { origin: "http://127.0.0.1:4100", protocol: "http:" } });
});

describe("an auction as a command", () => {
  it("of nats waits for every host for as long as the window is open (wasmcloud-control §2.4)", () => {
    expect(written(auctionCommands(place, { kind: "component", ...question })).nats).toBe(
      "nats request --server nats://nats.example.test:4222 --timeout 5s --replies 0 wasmbus.ctl.v1.shop.component.auction " +
        `'{"component_ref":"x/cart:2","component_id":"cart","constraints":{"zone":"eu-1"}}'`,
    );
    expect(written(auctionCommands(place, { kind: "provider", ...question })).nats).toContain(
      `wasmbus.ctl.v1.shop.provider.auction '{"provider_ref":"x/cart:2","provider_id":"cart"`,
    );
  });

  it("of curl holds it over the console's interface, and wash has none that starts nothing", () => {
    const { curl, wash } = written(auctionCommands(place, { kind: "component", ...question }));
    expect(curl).toContain("/api/connections/prod-eu/lattice/auctions/component");
    expect(curl).toContain('"componentId":"cart"');
    expect(wash).toMatch(/^# wash has no command/);
  });
});

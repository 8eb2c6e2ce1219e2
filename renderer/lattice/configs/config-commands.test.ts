import { beforeAll, expect, it, vi } from "vitest";
import { latticeTargetSchema } from "../../../shared/connections/schema.ts";
import { written } from "../../command/testing/written.ts";
import { putConfigCommands } from "./config-drawer.tsx";

const place = {
  connectionId: "prod-eu",
  lattice: "shop",
  target: latticeTargetSchema.parse({ addresses: ["nats://nats.example.test:4222"] }),
};

beforeAll(() => {
  vi.stubGlobal("window", { location: { origin: "http://127.0.0.1:4100", protocol: "http:" } });
});

it("puts the whole map under its name, for each tool", () => {
  const { nats, wash, curl } = written(
    putConfigCommands(place, { name: "cart", values: { A: "it's", B: "" } }),
  );
  expect(nats).toContain(" wasmbus.ctl.v1.shop.config.put.cart ");
  expect(nats).toContain(`'{"A":"it'"'"'s","B":""}'`);
  expect(wash).toContain(`wash config put cart 'A=it'"'"'s' B=`);
  expect(curl).toContain("/api/connections/prod-eu/lattice/configs/cart");
});

it("says where the values of a secret reference have to be filled in", () => {
  const { nats, wash } = written(
    putConfigCommands(place, { name: "SECRET_db", values: { key: "(secret)" } }),
  );
  expect(nats).toMatch(/^# Secrets are not kept: fill them in/);
  expect(wash).toMatch(/^# Secrets are not kept: fill them in/);
});

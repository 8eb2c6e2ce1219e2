import { beforeAll, describe, expect, it, vi } from "vitest";
import { latticeTargetSchema } from "../../shared/connections/schema.ts";
import { written } from "../command/testing/written.ts";
import { type CommandPlace, inventoryCommands, scaleCommands, scalePayload } from "./copy-as.ts";

const host = "NDO7WPL7O5NK6QMQBTQ74FU3NZMDA5C2CPKUZBLOTWA7WO4WIWN7UZ6P";
const place: CommandPlace = {
  connectionId: "prod-eu",
  lattice: "shop",
  target: latticeTargetSchema.parse({ addresses: ["nats://nats.example.test:4222"], lattice: "default" }),
};
const facts = {
  hostId: host,
  componentId: "orders-api",
  imageReference: "registry.example.test/shop/orders-api:2.3.1",
  maxInstances: 25,
  annotations: { team: "it's checkout" },
  config: ["orders-defaults", "orders-eu"],
};

beforeAll(() => {
  vi.stubGlobal("window", { location: { origin: "http://127.0.0.1:4100", protocol: "http:" } });
});

describe("inventoryCommands", () => {
  it("asks the host itself, on the selected lattice", () => {
    const commands = written(inventoryCommands(place, host));
    expect(commands.nats).toBe(
      `nats request --server nats://nats.example.test:4222 --timeout 2s wasmbus.ctl.v1.shop.host.get.${host} ''`,
    );
    expect(commands.wash).toBe(
      `wash get inventory ${host} --ctl-host nats.example.test --ctl-port 4222 --lattice shop`,
    );
    expect(commands.curl).toContain(`/api/connections/prod-eu/lattice/hosts/${host}?lattice=shop`);
  });

  it("leaves the server to the person where wash cannot speak the protocol", () => {
    const target = { ...place.target, addresses: ["wss://nats.example.test:443"] };
    expect(written(inventoryCommands({ ...place, target }, host)).wash).toBe(
      `wash get inventory ${host} --lattice shop`,
    );
  });
});

describe("scaleCommands", () => {
  it("sends the number as count, with everything that a scale replaces", () => {
    expect(scalePayload({ ...facts, limits: { max_memory_limit: "1024" } })).toEqual({
      component_ref: facts.imageReference,
      component_id: "orders-api",
      annotations: { team: "it's checkout" },
      count: 25,
      component_limits: { max_memory_limit: "1024" },
      host_id: host,
      config: ["orders-defaults", "orders-eu"],
      allow_update: false,
    });
  });

  it("quotes what a shell would take apart", () => {
    const { wash, nats } = written(scaleCommands(place, facts));
    expect(wash).toContain(`--annotations 'team=it'"'"'s checkout'`);
    expect(wash).toContain("--max-instances 25");
    expect(wash).toContain("--config orders-defaults --config orders-eu");
    expect(nats).toContain(`wasmbus.ctl.v1.shop.component.scale.${host}`);
  });

  it("says when a command would drop what cannot be known", () => {
    const { wash, nats } = written(scaleCommands(place, { ...facts, config: undefined }));
    expect(wash).toMatch(/^# The names of its configs/);
    expect(nats).toMatch(/^# The names of its configs/);
    expect(written(scaleCommands(place, { ...facts, limits: { max_memory_limit: "1" } })).wash).toMatch(
      /limits/,
    );
  });

  it("names the route and body of the console's own interface", () => {
    const { curl } = written(scaleCommands(place, facts));
    expect(curl).toContain("curl -X POST");
    expect(curl).toContain(`/api/connections/prod-eu/lattice/hosts/${host}/components/orders-api/scale`);
    expect(curl).toContain('"maxInstances":25');
  });
});

import { beforeAll, describe, expect, it, vi } from "vitest";
import { latticeTargetSchema } from "../../shared/connections/schema.ts";
import { written } from "../command/testing/written.ts";
import type { CopiedCommands } from "../command/wire-commands.ts";
import type { CommandPlace } from "./copy-as.ts";
import * as copies from "./copy-workloads.ts";

const hostId = "NDO7WPL7O5NK6QMQBTQ74FU3NZMDA5C2CPKUZBLOTWA7WO4WIWN7UZ6P";
const place: CommandPlace = {
  connectionId: "prod-eu",
  lattice: "shop",
  target: latticeTargetSchema.parse({ addresses: ["nats://nats.example.test:4222"], lattice: "default" }),
};
const at = { connectionId: "prod-eu", lattice: "shop", hostId };
const component = { ...at, componentId: "cart", imageReference: "x/cart:2" };
const provider = { ...at, providerId: "edge" };

beforeAll(() => {
  vi.stubGlobal("window", { location: { origin: "http://127.0.0.1:4100", protocol: "http:" } });
});

/** Subject and body of a `nats request` command. */
function wireOf({ nats }: { nats: string }): [string, unknown] {
  const [, subject = "", body = ""] = / (\S+) '([^']*)'$/.exec(nats) ?? [];
  return [subject.replace("wasmbus.ctl.v1.shop.", "").replace(hostId, "HOST"), JSON.parse(body)];
}

describe("commands to copy", () => {
  it.each<[() => CopiedCommands, string, unknown, string]>([
    [
      () =>
        copies.startComponentCommands(place, {
          ...component,
          maxInstances: 3,
          limits: { max_execution_time: "5" },
        }),
      "component.scale.HOST",
      {
        component_ref: "x/cart:2",
        component_id: "cart",
        annotations: {},
        count: 3,
        component_limits: { max_execution_time: "5" },
        host_id: hostId,
        config: [],
        allow_update: false,
      },
      "components/cart/start",
    ],
    [
      () => copies.updateCommands(place, { ...component, annotations: { team: "a" } }),
      "component.update.HOST",
      { component_id: "cart", host_id: hostId, new_component_ref: "x/cart:2", annotations: { team: "a" } },
      "components/cart/update",
    ],
    [
      () => copies.startProviderCommands(place, { ...provider, imageReference: "x/edge:1", config: ["a"] }),
      "provider.start.HOST",
      { provider_id: "edge", provider_ref: "x/edge:1", host_id: hostId, config: ["a"], annotations: {} },
      "providers/edge/start",
    ],
    [
      () => copies.stopProviderCommands(place, provider),
      "provider.stop.HOST",
      { host_id: hostId, provider_id: "edge" },
      "providers/edge/stop",
    ],
    [
      () => copies.stopHostCommands(place, { ...at, timeoutMs: 2_500 }),
      "host.stop.HOST",
      { host_id: hostId, timeout: 2_500 },
      `hosts/${hostId}/stop`,
    ],
    [() => copies.stopHostCommands(place, at), "host.stop.HOST", { host_id: hostId }, `${hostId}/stop`],
    [
      () => copies.putLabelCommands(place, { ...at, key: "zone", value: "eu-2" }),
      "label.put.HOST",
      { key: "zone", value: "eu-2" },
      "labels/zone",
    ],
    [
      () => copies.deleteLabelCommands(place, { ...at, key: "zone" }),
      "label.del.HOST",
      { key: "zone", value: "" },
      "labels/zone",
    ],
  ])("%#: carry the exact bytes, and name the console's own route", (make, subject, body, route) => {
    const commands = written(make());
    expect(wireOf(commands)).toEqual([subject, body]);
    expect(commands.curl).toContain(route);
    expect(commands.wash).toMatch(/(?:^|\n)wash /);
  });

  it("stop and start with a wait between", () => {
    const facts = { ...component, maxInstances: 3, annotations: {}, config: ["a"], runningImage: "x/cart:1" };
    const { nats, curl } = written(copies.restartCommands(place, facts));
    const [stop = "", wait = "", start = ""] = nats.split("\n");
    expect(wireOf({ nats: stop })[1]).toMatchObject({ component_ref: "x/cart:1", count: 0 });
    expect(wait).toMatch(/Wait until/);
    expect(wireOf({ nats: start })[1]).toMatchObject({ component_ref: "x/cart:2", count: 3, config: ["a"] });
    expect(curl).toContain("components/cart/restart");
  });

  it("stand one after the other where there are several", () => {
    const two = [copies.stopProviderCommands(place, provider), copies.stopHostCommands(place, at)];
    expect(written(copies.joinCommands(two)).wash.split("\n")).toHaveLength(2);
  });
});

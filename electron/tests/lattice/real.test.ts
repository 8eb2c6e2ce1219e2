import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "../../../playground/kit/free-port.ts";
import { demoComponent } from "../../lattice/testing/real-images.ts";
import { RealUnderTest } from "../../testing/real-console.ts";

/** Path of a real wasmCloud host, set by `npm run interop -- lattice`. */
const program = process.env.SWITCHYARD_WASMCLOUD_HOST;
/** A whole console beside a real host on a real nats-server; the connection is called `here`. */
class RealLattice extends RealUnderTest {
  hostId = "";

  async start(): Promise<void> {
    const port = await freePort();
    const address = `nats://127.0.0.1:${port}`;
    const store = join(this.folder, "jetstream");
    this.run(
      process.env.NATS_SERVER || "nats-server",
      ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", store],
      {},
    );
    for (const name of ["one.wasm", "two.wasm"]) writeFileSync(join(this.folder, name), demoComponent);
    await this.restart();
    const target = { addresses: [address], requestTimeoutMs: 2_000, heartbeatSeconds: 5 };
    await this.keep({ name: "Here", guard: "open", system: "lattice", target });
    await vi.waitFor(() => this.output("connections.open"), { timeout: 30_000, interval: 200 });
    this.run(program as string, [], { NATS_URL: address, RUST_LOG: "warn" });
    const isRead = async () => {
      const [host] = await this.output("lattice.hosts.list");
      expect(host).toMatchObject({ version: "1.9.2", inventoryAt: expect.any(String) });
      this.hostId = host?.id ?? "";
    };
    await vi.waitFor(isRead, { timeout: 60_000, interval: 200 });
  }

  /** The reference of a component in the folder. */
  image(name: "one" | "two"): string {
    return `file://${join(this.folder, `${name}.wasm`)}`;
  }
}

describe.runIf(program)("a real wasmCloud host", () => {
  let here: RealLattice;
  const place = () => ({ hostId: here.hostId, componentId: "demo" });
  const listed = async () => (await here.output("lattice.components.list")).find(({ id }) => id === "demo");
  beforeAll(async () => {
    here = new RealLattice();
    await here.start();
  }, 180_000);
  afterAll(() => here?.close());

  it("starts a component, and what was asked for is read back", async () => {
    const params = {
      ...place(),
      imageReference: here.image("one"),
      maxInstances: 2,
      annotations: { team: "x" },
    };
    await here.becomes("lattice.components.start", params, "verified");
    expect(await listed()).toMatchObject({ imageReference: here.image("one"), annotations: { team: "x" } });
  });

  it("scales it, and says no to an image that is not there", async () => {
    await here.becomes("lattice.components.scale", { ...place(), maxInstances: 5 }, "verified");
    const missing = {
      hostId: here.hostId,
      componentId: "other",
      imageReference: "file:///no/such.wasm",
      maxInstances: 1,
    };
    const { message } = await here.becomes("lattice.components.start", missing, "failed");
    expect(message).toMatch(/no such|No such|failed/);
  });

  it("takes no annotations with the count that runs already, and that is not called verified", async () => {
    const scale = { ...place(), maxInstances: 5, annotations: { team: "y" } };
    const { message } = await here.becomes("lattice.components.scale", scale, "failed");
    expect(message).toContain("annotations");
    expect(await listed()).toMatchObject({ annotations: { team: "x" } });
  }, 90_000);

  it("runs another image after a stop and start, and is only listed with it after an update", async () => {
    const [one, two] = [here.image("one"), here.image("two")];
    await here.becomes("lattice.components.restart", { ...place(), imageReference: two }, "verified");
    expect(await listed()).toMatchObject({ imageReference: two, maxInstances: 5 });
    const update = { ...place(), imageReference: one };
    const { message } = await here.becomes("lattice.components.update", update, "confirmed");
    expect(message).toMatch(/old code|cannot be read/);
    expect(await listed()).toMatchObject({ imageReference: one });
  }, 120_000);

  it("takes labels, configs and links, each read back", async () => {
    await here.becomes("lattice.labels.put", { hostId: here.hostId, key: "zone", value: "eu-1" }, "verified");
    await here.becomes("lattice.labels.delete", { hostId: here.hostId, key: "zone" }, "verified");
    await here.becomes("lattice.configs.put", { name: "settings", values: { A: "1" } }, "verified");
    const key = { sourceId: "demo", witNamespace: "wasi", witPackage: "keyvalue" };
    const link = { ...key, target: "store", interfaces: ["store"] };
    await here.becomes("lattice.links.put", link, "verified");
    await here.becomes("lattice.links.delete", key, "verified");
    await here.becomes("lattice.configs.delete", { name: "settings" }, "verified");
  }, 120_000);

  it("never answers the start of a builtin that is switched off, and that is told", async () => {
    const builtin = {
      hostId: here.hostId,
      providerId: "http",
      imageReference: "wasmcloud+builtin://http-server",
    };
    const { activity } = await here.leftBehind("lattice.providers.start", builtin);
    expect(["unknown", "failed"]).toContain(activity.state);
  }, 60_000);

  it("stops the component, whose old code may go on, and then itself", async () => {
    const stop = { ...place(), maxInstances: 0 };
    const { message } = await here.becomes("lattice.components.scale", stop, "confirmed");
    expect(await listed()).toBeUndefined();
    expect(message).toMatch(/old code|go on/);
    await here.becomes("lattice.hosts.stop", { hostId: here.hostId }, "verified");
  }, 120_000);
});

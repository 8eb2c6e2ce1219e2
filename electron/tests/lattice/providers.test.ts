import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SimulatedHost } from "../../../playground/lattice/lattice-host.ts";
import { ConsoleUnderTest } from "../../testing/console-files.ts";

let here: ConsoleUnderTest;
let host: SimulatedHost;

beforeEach(async () => {
  here = await ConsoleUnderTest.start({ waits: { coldMs: 700, lookMs: 200 } });
  await here.follow();
  host = here.host("1.9.2");
});
afterEach(() => here.close());

const params = (more: object = {}) => ({
  hostId: host.id,
  providerId: "edge-http",
  imageReference: "oci://registry.example.test/providers/edge:1.0.0",
  ...more,
});
const running = () => ({ hostId: host.id, providerId: "edge-http" });
const listed = async (hostId = host.id) =>
  (await here.output("lattice.providers.list")).find(
    (row) => row.hostId === hostId && row.id === "edge-http",
  );

describe("a start of a provider", () => {
  it.each(["1.0.4", "1.9.2"])(
    "on %s is verified, although that host reports another reference",
    async (version) => {
      host = here.host(version);
      const activity = await here.settles("lattice.providers.start", params(), "verified");
      expect(activity.title).toBe("Start provider edge-http from providers/edge:1.0.0");
      expect(await listed()).toMatchObject({ health: "unknown" });
    },
  );

  it("that cannot be fetched fails with the reason, although the reply says successfully started", async () => {
    const missing = params({ imageReference: "registry.example.test/missing:1" });
    const activity = await here.settles("lattice.providers.start", missing, "failed");
    expect(activity.evidence[0]?.summary).toMatch(/successfully started/);
    expect(activity.message).toMatch(/failed to fetch provider/);
  });

  it("of a builtin that is switched off is never answered, and that is explained", async () => {
    const builtin = params({ imageReference: "wasmcloud+builtin://http-server" });
    const { failure, activity } = await here.leftBehind("lattice.providers.start", builtin);
    expect(failure).toMatchObject({
      code: "timeout",
      message: expect.stringMatching(/1\.8\.0 on never answer/),
    });
    expect(activity).toMatchObject({ state: "unknown", message: expect.stringMatching(/never answer/) });
    const settled = await here.reaches(activity.id, "failed");
    expect(settled.message).toMatch(/does not list the provider\. It was not started/);
  });

  it("of that builtin on an older host fails with the host's own words", async () => {
    const builtin = params({
      hostId: here.host("1.5.1").id,
      imageReference: "wasmcloud+builtin://http-server",
    });
    const activity = await here.settles("lattice.providers.start", builtin, "failed");
    expect(activity.message).toMatch(/not enabled/);
  });

  it("of what runs there already is refused before anything is sent", async () => {
    await here.settles("lattice.providers.start", params(), "verified");
    const { failure, activity } = await here.leftBehind("lattice.providers.start", params());
    expect(failure.code).toBe("conflict");
    expect(activity.request).toBeUndefined();
  });

  it("with a config that does not exist fails by reply on 1.0 and by event later", async () => {
    const config = { config: ["nope"] };
    const later = await here.settles("lattice.providers.start", params(config), "failed");
    expect(later.message).toMatch(/Config nope does not exist/);
    const old = params({ ...config, hostId: here.host("1.0.4").id });
    expect((await here.leftBehind("lattice.providers.start", old)).activity.state).toBe("refused");
  });
});

describe("a stop of a provider", () => {
  it("is done with the reply and verified by a reading", async () => {
    await here.settles("lattice.providers.start", params(), "verified");
    const activity = await here.settles("lattice.providers.stop", running(), "verified");
    expect(activity.steps.map(({ state }) => state)).toEqual([
      "recorded",
      "sent",
      "acknowledged",
      "confirmed",
      "verified",
    ]);
    expect(await listed()).toBeUndefined();
  });

  it("of what does not run is refused in the host's words", async () => {
    const { failure, activity } = await here.leftBehind("lattice.providers.stop", running());
    expect(failure).toMatchObject({
      code: "upstream_refused",
      upstream: "provider with that ID is not running",
    });
    expect(activity.state).toBe("refused");
  });

  it("whose reply is lost is settled by the event that came before it", async () => {
    await here.settles("lattice.providers.start", params(), "verified");
    host.faults.add({ kind: "silent", on: "provider.stop", execute: true });
    const { failure, activity } = await here.leftBehind("lattice.providers.stop", running());
    expect(failure.code).toBe("timeout");
    await here.reaches(activity.id, "verified");
  });
});

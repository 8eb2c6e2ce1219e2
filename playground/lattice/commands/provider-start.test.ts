import { afterEach, describe, expect, it } from "vitest";
import type { HostOptions } from "../host/host-settings.ts";
import type { Exchange, TestBench } from "../testing/wire-probe.ts";
import { startTestBench } from "../testing/wire-probe.ts";

let bench: TestBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

async function open(options: HostOptions = {}): Promise<TestBench> {
  await bench?.close();
  bench = await startTestBench(options);
  return bench;
}

function start({ probe, host }: TestBench, reference: string, more: object = {}): Promise<Exchange> {
  const body = { provider_id: "p", provider_ref: reference, host_id: host.id, ...more };
  return probe.exchange(`provider.start.${host.id}`, body, () => probe.fence());
}

describe("starting providers, beyond the vectors (wasmcloud-control §2.8, §3.4)", () => {
  it.each([
    ["file:///opt/p.par.gz", "/opt/p.par.gz"],
    ["https://reg.test/p:1", "reg.test/p:1"],
    ["reg.test/p:1", "reg.test/p:1"],
    ["wasmcloud+builtin://http-server", "http-server"],
  ])("writes %s as %s since 1.5.0", async (reference, normalised) => {
    const { after } = await start(
      await open({ fileLoading: true, builtinProviders: ["http-server"] }),
      reference,
    );
    expect(after).toMatchObject([{ type: "provider_started", data: { image_ref: normalised } }]);
  });

  it("keeps the reference as requested before 1.5.0", async () => {
    const { after } = await start(await open({ version: "1.4.2" }), "oci://reg.test/p:1");
    expect(after[0]?.data.image_ref).toBe("oci://reg.test/p:1");
  });

  it("answers a disabled http-client even where other builtins are silent", async () => {
    const { replies, after } = await start(await open(), "wasmcloud+builtin://http-client");
    expect(replies).toHaveLength(1);
    expect(after[0]?.data.error).toBe("feature `builtin-http-client` is not enabled, denying start");
    const unknown = await start(await open(), "wasmcloud+builtin://teapot");
    expect(unknown.after[0]?.data.error).toBe("unknown builtin name: teapot");
  });

  it("bids for a disabled builtin all the same", async () => {
    const { probe, host } = await open();
    const body = { provider_ref: "wasmcloud+builtin://http-server", provider_id: "p", constraints: {} };
    expect(await probe.request("provider.auction", body)).toMatchObject({ response: { host_id: host.id } });
  });

  it("reports missing configs by event, 1.0.x by reply", async () => {
    const newer = await start(await open(), "reg.test/p:1", { config: ["nope"] });
    expect(newer.replies).toMatchObject([{ success: true }]);
    expect(newer.after[0]?.data.error).toBe("Unable to fetch requested config: Config nope does not exist");
    const older = await start(await open({ version: "1.0.4" }), "reg.test/p:1", { config: ["nope"] });
    expect(older).toMatchObject({
      replies: [{ success: false, message: "Unable to fetch requested config" }],
      after: [],
    });
  });

  it("needs a secrets backend for secrets", async () => {
    const { after } = await start(await open({ secretsBackend: false }), "reg.test/p:1", {
      config: ["SECRET_a"],
    });
    expect(after[0]?.data.error).toBe(
      "Unable to fetch requested secrets: secret store not configured, could not fetch secrets",
    );
  });

  it("says no host ID in a failure before 1.5.1", async () => {
    const { after } = await start(await open({ version: "1.5.0" }), "missing");
    expect(after[0]?.type).toBe("provider_start_failed");
    expect(after[0]?.data).not.toHaveProperty("host_id");
  });

  it("marks signed providers with the legacy fields", async () => {
    const opened = await open();
    opened.lattice.images.set("reg.test/p:1", { claims: { publicKey: "VKEY", issuer: "AKEY", name: "P" } });
    const { after } = await start(opened, "reg.test/p:1");
    expect(after[0]?.data).toMatchObject({
      claims: { issuer: "AKEY", tags: null, name: "P", version: null, not_before_human: "never" },
      instance_id: "p",
      public_key: "p",
      link_name: "default",
    });
  });

  it("accepts the old alias for the ID when stopping", async () => {
    const opened = await open();
    await start(opened, "reg.test/p:1");
    const subject = `provider.stop.${opened.host.id}`;
    const both = await opened.probe.request(subject, { provider_id: "p", provider_ref: "p" });
    expect(both).toEqual({ success: false, message: "failed to deserialize provider stop command" });
    expect(await opened.probe.request(subject, { provider_ref: "p" })).toMatchObject({ success: true });
  });
});

describe("a crashed provider (wasmcloud-control §5.5)", () => {
  it.each([
    ["1.9.2", "healthy"],
    ["1.5.1", "silent"],
  ])("of a %s host is %s in the end, without an event of its own", async (version, behaviour) => {
    const opened = await open({ version, providerRestartMilliseconds: 20 });
    await start(opened, "reg.test/p:1");
    const seen = opened.probe.allEvents.length;
    opened.host.crashProvider("p");
    const provider = opened.host.context.state.providers.get("p");
    expect(provider?.behaviour).toBe("silent");
    await opened.host.context.timers.delay(60);
    expect(provider?.behaviour).toBe(behaviour);
    expect(opened.host.inventory()).toMatchObject({ providers: [{ id: "p" }] });
    expect(opened.probe.allEvents).toHaveLength(seen);
  });
});

import { describe, expect, it } from "vitest";
import { covers, destinationsOf } from "./destination.ts";
import { type TargetSettings, targetSettingsSchema } from "./schema.ts";

const settings = (system: string, target: object): TargetSettings =>
  targetSettingsSchema.parse({ system, target });
const forge = (url: string, more: object = {}) =>
  destinationsOf(settings("forge", { url, authentication: { method: "bearer" }, ...more })).token ?? [];
const lattice = (addresses: string[], more: object = {}) =>
  destinationsOf(settings("lattice", { addresses, authentication: { method: "token" }, ...more })).token ??
  [];

describe("the place of a secret", () => {
  it.each([
    ["https://jobs.example", "https://JOBS.example.:443/"],
    ["http://jobs.example/queue", "http://jobs.example:80/queue//"],
    ["http://[::1]:7000", "http://[0:0:0:0:0:0:0:1]:7000"],
    ["http://127.0.0.1:7000", "http://2130706433:7000"],
    ["http://127.0.0.1:7000", "http://127.1:7000/./a/.."],
  ])("is the same for %s and %s", (one, other) => {
    expect(covers(forge(one), forge(other))).toBe(true);
  });

  it.each([
    ["https://jobs.example", "http://jobs.example:443"],
    ["https://jobs.example", "https://jobs.example:8443"],
    ["https://jobs.example", "https://jobs.example.evil"],
    ["https://jobs.example/a", "https://jobs.example/b"],
    ["https://jobs.example", "https://jobs.example:80"],
    ["http://localhost:7000", "http://127.0.0.1:7000"],
  ])("is another for %s and %s", (one, other) => {
    expect(covers(forge(one), forge(other))).toBe(false);
  });

  it("is another where TLS is checked against another authority, or the system is another", () => {
    expect(covers(forge("https://jobs.example"), forge("https://jobs.example", { caFile: "/ca" }))).toBe(
      false,
    );
    const flowfabric = destinationsOf(
      settings("flowfabric", { url: "https://jobs.example", authentication: { method: "bearer" } }),
    );
    expect(covers(forge("https://jobs.example"), flowfabric.token ?? [])).toBe(false);
    expect(covers(lattice(["tls://n:4222"]), lattice(["nats://n:4222"]))).toBe(false);
    expect(covers(lattice(["nats://n"]), lattice(["nats://n:4222"]))).toBe(true);
  });

  it("has to be known of every server, and may be left by some", () => {
    const two = lattice(["nats://a:1", "nats://b:1"]);
    expect(covers(two, lattice(["nats://b:1"]))).toBe(true);
    expect(covers(two, lattice(["nats://b:1", "nats://evil:1"]))).toBe(false);
  });

  it("is there only for what the sign-in uses, each for itself", () => {
    const both = settings("flowfabric", {
      url: "http://f:1",
      authentication: { method: "bearer" },
      valkey: { addresses: ["redis://v:1"] },
    });
    expect(destinationsOf(both)).toEqual({
      token: ["flowfabric http://f:1"],
      valkeyPassword: ["flowfabric redis://v:1"],
    });
    expect(destinationsOf(settings("lattice", { addresses: ["nats://a:1"] }))).toEqual({});
    expect(destinationsOf(settings("flux", { port: 0 }))).toEqual({});
  });
});

import { connect } from "nats";
import { afterEach, expect, it, vi } from "vitest";
import { type Playground, startPlayground } from "../playground.ts";

let playground: Playground;
afterEach(() => playground.stop());

it("holds what the lattice holds, and follows what is stored and deleted", async () => {
  playground = await startPlayground({ calm: true, staging: false, hosts: 2, configBucket: true });
  const nats = await connect({ servers: playground.natsUrl, token: playground.natsToken });
  const bucket = await nats.jetstream().views.kv("CONFIGDATA_default", { bindOnly: true });
  const names = async () => {
    const found: string[] = [];
    for await (const name of await bucket.keys()) found.push(name);
    return found.sort();
  };
  const [host] = playground.hosts;
  const before = [...(playground.simulated[0]?.state.configs.keys() ?? [])].sort();
  expect(before).toContain("SECRET_payments");
  expect(await names()).toEqual(before);

  await host?.execute("config.put", { A: "1" }, "new");
  await host?.execute("config.del", {}, "redis-cluster");
  const after = [...before.filter((name) => name !== "redis-cluster"), "new"].sort();
  await vi.waitFor(async () => expect(await names()).toEqual(after));
  expect((await bucket.get("new"))?.json()).toEqual({ A: "1" });
  await nats.close();
});

it("can be opened in the JetStream domain that one host tells of", async () => {
  playground = await startPlayground({ calm: true, staging: false, configBucket: true });
  const domains = playground.hosts.map((host) => host.context.settings.domain);
  expect(domains.filter((domain) => domain !== undefined)).toEqual(["shop"]);
  const nats = await connect({ servers: playground.natsUrl, token: playground.natsToken });
  const bucket = await nats.jetstream({ domain: "shop" }).views.kv("CONFIGDATA_default", { bindOnly: true });
  expect((await bucket.get("orders-defaults"))?.json()).toMatchObject({ DB_POOL: "8" });
  await nats.close();
});

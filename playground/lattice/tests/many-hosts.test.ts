import { createInbox } from "nats";
import { expect, it } from "vitest";
import { startPlayground } from "../../playground.ts";
import { startTestBench, WireProbe } from "../testing/wire-probe.ts";

it("many hosts on few connections all answer a ping and a directed request", async () => {
  const hosts = 200;
  const playground = await startPlayground({ hosts, components: 4000, calm: true, staging: false });
  const probe = await WireProbe.open(playground);
  const ids = new Set<string>();
  const inbox = createInbox();
  probe.connection.subscribe(inbox, {
    callback: (_, message) => ids.add(message.json<{ response: { id: string } }>().response.id),
  });
  probe.connection.publish(probe.subject("host.ping"), "", { reply: inbox });
  await expect.poll(() => ids.size, { timeout: 20_000 }).toBe(hosts);
  const inventory = (await probe.request(`host.get.${playground.hosts[hosts - 1]?.id}`)) as {
    response: { components: object[]; providers: object[] };
  };
  expect(inventory.response.components).toHaveLength(20);
  expect(inventory.response.providers).toHaveLength(2);
  await probe.close();
  await playground.stop();
});

it("listens under another topic prefix, while events stay where they are", async () => {
  const bench = await startTestBench();
  const host = await bench.lattice.addHost({ topicPrefix: "acme.wasmbus.ctl" });
  const subject = `acme.wasmbus.ctl.v1.default.label.put.${host.id}`;
  const reply = await bench.probe.connection.request(subject, JSON.stringify({ key: "a", value: "b" }));
  expect(reply.json()).toMatchObject({ success: true });
  await bench.probe.until(() =>
    bench.probe.ofType("labels_changed").some((event) => event.source === host.id),
  );
  await bench.close();
});

it("does not take part in auctions that are switched off", async () => {
  const bench = await startTestBench({ componentAuction: false });
  const body = { component_ref: "R", component_id: "a", constraints: {} };
  await expect(bench.probe.request("component.auction", body)).rejects.toMatchObject({ code: "503" });
  const provider = { provider_ref: "R", provider_id: "a", constraints: {} };
  expect(await bench.probe.request("provider.auction", provider)).toMatchObject({ success: true });
  await bench.close();
});

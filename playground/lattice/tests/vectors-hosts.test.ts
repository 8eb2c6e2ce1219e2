import { connect } from "nats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestBench } from "../testing/wire-probe.ts";
import { startTestBench, WireProbe } from "../testing/wire-probe.ts";
import { no, runVector } from "./vector-table.ts";

const labels = {
  "hostcore.arch": "x86_64",
  "hostcore.os": "linux",
  "hostcore.osfamily": "unix",
  zone: "eu-1",
};

describe("hosts (wasmcloud-control Appendix B)", () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await startTestBench();
  });
  afterAll(() => bench.close());

  it("row 1: host.ping", async () => {
    const { replies, before, after } = await bench.probe.exchange("host.ping");
    expect(replies).toEqual([
      {
        success: true,
        message: "",
        response: {
          id: expect.stringMatching(/^N[A-Z2-7]{55}$/),
          friendly_name: expect.stringMatching(/^[a-z]+-[a-z]+-\d{4}$/),
          labels,
          lattice: "default",
          uptime_human: expect.stringMatching(/^\d+s$/),
          uptime_seconds: expect.any(Number),
          version: "1.9.2",
          rpc_host: bench.server.url,
          ctl_host: bench.server.url,
        },
      },
    ]);
    expect([...before, ...after]).toEqual([]);
  });

  it("row 2: host.get", async () => {
    const { reply, before, after } = await bench.probe.exchange(`host.get.${bench.host.id}`);
    expect(reply).toEqual({
      success: true,
      message: "",
      response: {
        host_id: bench.host.id,
        friendly_name: bench.host.friendlyName,
        version: "1.9.2",
        uptime_human: expect.stringMatching(/^\d+s$/),
        uptime_seconds: expect.any(Number),
        labels,
        components: [],
        providers: [],
      },
    });
    expect([...before, ...after]).toEqual([]);
  });

  it("row 3: nobody listens for an unknown host", async () => {
    await expect(bench.probe.request("host.get.UNKNOWN")).rejects.toMatchObject({ code: "503" });
  });

  it("row 49: host.stop for another host is refused", async () => {
    const { actual, expected } = await runVector(bench.probe, bench.host.id, {
      row: 49,
      subject: "host.stop.H",
      body: { host_id: "Nother" },
      reply: no("invalid host_id [Nother]"),
    });
    expect(actual).toMatchObject(expected);
  });

  it("rows 50 and 51: host.stop is acknowledged, then host_stopped; then nobody answers a ping", async () => {
    const other = await WireProbe.open({ natsUrl: bench.server.url });
    const body = { host_id: bench.host.id, timeout: 5000 };
    await other.request(`component.scale.${bench.host.id}`, {
      component_id: "a",
      component_ref: "R",
      count: 1,
    });
    await other.fence();
    const gone = (): Promise<void> => other.until(() => other.ofType("host_stopped").length > 0);
    const { replies, before, after } = await other.exchange(`host.stop.${bench.host.id}`, body, gone);
    expect(replies).toEqual([{ success: true, message: "successfully handled stop host" }]);
    expect(before).toEqual([]);
    expect(after).toMatchObject([{ type: "host_stopped", source: bench.host.id, data: { labels } }]);
    await other.close();
    const connection = await connect({ servers: bench.server.url });
    await expect(connection.request(bench.probe.subject("host.ping"))).rejects.toMatchObject({ code: "503" });
    await connection.close();
  });
});

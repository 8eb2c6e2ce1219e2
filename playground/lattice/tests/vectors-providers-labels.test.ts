import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestBench } from "../testing/wire-probe.ts";
import { startTestBench } from "../testing/wire-probe.ts";
import type { Vector } from "./vector-table.ts";
import { no, runVector, yes } from "./vector-table.ts";

const start = "provider.start.H";
const stop = "provider.stop.H";
const labels = {
  "hostcore.arch": "x86_64",
  "hostcore.os": "linux",
  "hostcore.osfamily": "unix",
  zone: "eu-2",
};

const vectors: Vector[] = [
  {
    row: 21,
    subject: start,
    body: { provider_id: "p", provider_ref: "oci://reg.test/p:1", host_id: "H" },
    reply: yes("successfully started provider"),
    after: [
      ["provider_started", { provider_id: "p", image_ref: "reg.test/p:1", host_id: "H", annotations: {} }],
    ],
    inventory: { providers: [{ id: "p", image_ref: "reg.test/p:1", revision: 0, annotations: {} }] },
  },
  {
    row: 22,
    subject: start,
    body: { provider_id: "p", provider_ref: "oci://reg.test/p:1", host_id: "H" },
    reply: no("provider with that ID is already running"),
  },
  {
    row: 23,
    subject: "provider.auction",
    body: { provider_ref: "oci://reg.test/p:1", provider_id: "p", constraints: {} },
    reply: undefined,
  },
  {
    row: 24,
    subject: stop,
    body: { provider_id: "p", host_id: "H" },
    reply: yes("successfully stopped provider"),
    before: [
      [
        "provider_stopped",
        {
          provider_id: "p",
          host_id: "H",
          annotations: {},
          reason: "stop",
          instance_id: "p",
          public_key: "p",
          link_name: "default",
        },
      ],
    ],
    inventory: { providers: [] },
  },
  {
    row: 25,
    subject: stop,
    body: { provider_id: "p", host_id: "H" },
    reply: no("provider with that ID is not running"),
  },
  {
    row: 26,
    subject: start,
    body: { provider_id: "q", provider_ref: "reg.test/missing:1", host_id: "H" },
    reply: yes("successfully started provider"),
    after: [
      [
        "provider_start_failed",
        {
          provider_ref: "reg.test/missing:1",
          provider_id: "q",
          host_id: "H",
          error:
            "failed to fetch provider: failed to fetch provider under OCI reference `reg.test/missing:1`: failed to fetch OCI path: failed to fetch OCI bytes: Registry error: url https://reg.test/v2/missing/manifests/1, envelope: OCI API errors: [OCI API error: manifest unknown]",
          link_name: "default",
        },
      ],
    ],
  },
  {
    row: 27,
    subject: "label.put.H",
    body: { key: "zone", value: "eu-2" },
    reply: yes("successfully put label"),
    before: [["labels_changed", { host_id: "H", labels }]],
  },
  {
    row: 28,
    subject: "label.put.H",
    body: { key: "HostCore.os", value: "x" },
    reply: no("hostcore.* labels cannot be set dynamically"),
  },
  {
    row: 29,
    subject: "label.del.H",
    body: { key: "nope" },
    reply: yes("successfully deleted label (no such label)"),
  },
];

describe("providers and labels (wasmcloud-control Appendix B)", () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await startTestBench({ healthFirstMilliseconds: 40, healthPeriodMilliseconds: 30 });
  });
  afterAll(() => bench.close());

  it.each(vectors)("row $row: $subject", async (vector) => {
    const { actual, expected } = await runVector(bench.probe, bench.host.id, vector);
    expect(actual).toMatchObject(expected);
    if (vector.row !== 21) return;
    const health = () => bench.probe.allEvents.filter((event) => event.type.startsWith("health_check_"));
    await bench.probe.until(() => health().length >= 3);
    expect(
      health()
        .slice(0, 3)
        .map((event) => event.type),
    ).toEqual(["health_check_passed", "health_check_status", "health_check_status"]);
    expect(health()[0]?.data).toEqual({ host_id: bench.host.id, provider_id: "p" });
  });

  it("row 30: a host up to 1.5.0 refuses to delete a label without a value", async () => {
    const older = await startTestBench({ version: "1.5.0" });
    try {
      const { actual, expected } = await runVector(older.probe, older.host.id, {
        row: 30,
        subject: "label.del.H",
        body: { key: "zone" },
        reply: no("failed to deserialize delete label request"),
      });
      expect(actual).toMatchObject(expected);
    } finally {
      await older.close();
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestBench } from "../testing/wire-probe.ts";
import { startTestBench } from "../testing/wire-probe.ts";
import type { Vector } from "./vector-table.ts";
import { no, runVector, yes } from "./vector-table.ts";

const key = { source_id: "s", name: "default", wit_namespace: "wasi", wit_package: "http" };
const link = (target: string, interfaces: string[], source_config: string[] = []): object => ({
  ...key,
  target,
  interfaces,
  source_config,
  target_config: [],
});
const conflict =
  "link already exists with different target, consider deleting the existing link or using a different link name";
const invalid =
  "Failed to validate configuration and secrets. Configuration nope not found in config store. ";
const incoming = ["incoming-handler"];

const vectors: Vector[] = [
  {
    row: 31,
    subject: "config.put.c1",
    body: { A: "1" },
    reply: yes("successfully put config"),
    before: [["config_set", { config_name: "c1" }]],
  },
  {
    row: 32,
    subject: "config.put.c1",
    body: { A: 1 },
    reply: no("config data should be a map of string -> string"),
  },
  { row: 33, subject: "config.get.c1", reply: { success: true, message: "", response: { A: "1" } } },
  { row: 34, subject: "config.get.c2", reply: yes("Configuration not found") },
  { row: 35, subject: "config.get.a.b", reply: no("unsupported subject") },
  {
    row: 36,
    subject: "config.del.c2",
    reply: yes("successfully deleted config"),
    before: [["config_deleted", { config_name: "c2" }]],
  },
  {
    row: 37,
    subject: "link.put",
    body: link("t1", incoming),
    reply: yes("successfully set link"),
    before: [["linkdef_set", { ...link("t1", incoming) }]],
  },
  {
    row: 38,
    subject: "link.put",
    body: link("t2", incoming),
    reply: no(conflict),
    before: [["linkdef_set_failed", { ...link("t2", incoming), error: conflict }]],
  },
  {
    row: 39,
    subject: "link.put",
    body: link("t2", ["outgoing-handler"]),
    reply: yes("successfully set link"),
    before: [["linkdef_set", { target: "t2" }]],
  },
  {
    row: 40,
    subject: "link.put",
    body: link("t1", incoming, ["nope"]),
    reply: no(invalid),
    before: [["linkdef_set_failed", { error: invalid }]],
  },
];

const deletions: Vector[] = [
  {
    row: 42,
    subject: "link.del",
    body: key,
    reply: yes("successfully deleted link"),
    before: [["linkdef_deleted", { ...key, target: "t1", interfaces: incoming }]],
  },
  {
    row: 44,
    subject: "link.del",
    body: { ...key, source_id: "never-seen-source" },
    reply: yes("successfully deleted link (spec doesn't exist)"),
  },
  {
    row: 45,
    subject: "link.put",
    body: { ...link("t1", []), interfaces: undefined },
    reply: no("failed to deserialize wrpc link definition"),
  },
  { row: 47, subject: "registry.put", body: {}, reply: yes("successfully put registries") },
  { row: 48, subject: "claims.get", reply: { success: true, message: "", response: [] } },
];

describe("configs and links (wasmcloud-control Appendix B)", () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await startTestBench();
  });
  afterAll(() => bench.close());
  const check = async (vector: Vector): Promise<void> => {
    const { actual, expected } = await runVector(bench.probe, bench.host.id, vector);
    expect(actual).toMatchObject(expected);
  };

  it.each(vectors)("row $row: $subject", check);

  it("row 41: link.get shows both links after a moment", async () => {
    const expected = [link("t1", incoming), link("t2", ["outgoing-handler"])];
    const links = async (): Promise<unknown[]> => {
      const reply = (await bench.probe.request("link.get")) as { response: { target: string }[] };
      expect(reply).toMatchObject({ success: true, message: "" });
      return reply.response.sort((one, other) => one.target.localeCompare(other.target));
    };
    await expect.poll(links).toEqual(expected);
  });

  it.each(deletions)("row $row: $subject", check);

  it("row 43: deleting a link that is not there reports no target", async () => {
    const body = { ...key, wit_package: "keyvalue" };
    const { reply, before, after } = await bench.probe.exchange("link.del", body);
    expect(reply).toEqual(yes("successfully deleted link"));
    expect(before.map(({ type, data }) => ({ type, data }))).toEqual([
      { type: "linkdef_deleted", data: body },
    ]);
    expect(after).toEqual([]);
  });

  it("row 46: registry.put without a reply subject is carried out in silence", async () => {
    const seen = bench.probe.allEvents.length;
    const body = { "registry.example.test": { username: "robot", password: "secret", registryType: "oci" } };
    bench.probe.connection.publish(bench.probe.subject("registry.put"), JSON.stringify(body));
    await bench.probe.fence();
    expect([...bench.host.context.state.registries.keys()]).toEqual(["registry.example.test"]);
    const events = bench.probe.allEvents.slice(seen).filter((event) => event.type !== "config_set");
    expect(events).toEqual([]);
  });
});

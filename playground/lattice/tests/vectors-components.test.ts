import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestBench } from "../testing/wire-probe.ts";
import { startTestBench } from "../testing/wire-probe.ts";
import type { Vector } from "./vector-table.ts";
import { no, runVector, yes } from "./vector-table.ts";

const mismatch =
  "Requested to scale existing component to a different image reference: R1 != R2. The component will be scaled but the image reference will not be updated. If you meant to update this component to a new image ref, use the update command.";
const scale = "component.scale.H";
const update = "component.update.H";
const scaled = (
  max_instances: number,
  image_ref: string,
  more: object = {},
): [string, Record<string, unknown>] => [
  "component_scaled",
  { component_id: "a", max_instances, image_ref, ...more },
];
const a = (max_instances: number, image_ref: string, annotations: object): { components: unknown[] } => ({
  components: [{ id: "a", image_ref, max_instances, annotations, revision: 0, limits: null }],
});
const bid = { component_ref: "R1", component_id: "R1", host_id: "H", constraints: { zone: "eu-1" } };

const vectors: Vector[] = [
  {
    row: 5,
    subject: "component.auction",
    body: { component_ref: "R1", component_id: "a", constraints: { zone: "EU-1" } },
    reply: undefined,
  },
  {
    row: 6,
    subject: "component.auction",
    body: { component_ref: "R1", component_id: "a" },
    reply: no("failed to deserialize component auction command"),
  },
  {
    row: 7,
    subject: scale,
    body: { component_id: "a", component_ref: "R1", count: 3, host_id: "H" },
    reply: yes(),
    after: [
      scaled(3, "R1", { host_id: "H", annotations: {} }),
      scaled(3, "R1", { host_id: "H", annotations: {} }),
    ],
    inventory: a(3, "R1", {}),
  },
  {
    row: 8,
    subject: scale,
    body: { component_id: "a", component_ref: "R1", count: 3, host_id: "H" },
    reply: yes(),
    after: [scaled(3, "R1")],
  },
  {
    row: 9,
    subject: scale,
    body: { component_id: "a", component_ref: "R1", count: 5, host_id: "H", annotations: { x: "1" } },
    reply: yes(),
    after: [scaled(5, "R1", { annotations: {} })],
    inventory: a(5, "R1", { x: "1" }),
  },
  {
    row: 10,
    subject: scale,
    body: { component_id: "a", component_ref: "R2", count: 5, host_id: "H" },
    reply: yes(mismatch),
    after: [scaled(5, "R1")],
    inventory: a(5, "R1", { x: "1" }),
  },
  {
    row: 11,
    subject: scale,
    body: { component_id: "a", component_ref: "R2", count: 6, host_id: "H" },
    reply: yes(mismatch),
    after: [scaled(6, "R1", { annotations: { x: "1" } })],
    inventory: a(6, "R2", {}),
  },
  {
    row: 12,
    subject: update,
    body: { component_id: "a", new_component_ref: "R3", host_id: "H" },
    reply: yes("component a updating from R2 to R3"),
    after: [scaled(6, "R3"), scaled(0, "R3")],
    inventory: a(6, "R3", {}),
  },
  {
    row: 13,
    subject: update,
    body: { component_id: "a", new_component_ref: "R3", host_id: "H" },
    reply: yes("component a already updated to R3"),
  },
  {
    row: 14,
    subject: update,
    body: { component_id: "b", new_component_ref: "R3", host_id: "H" },
    reply: no("component b not found"),
  },
  {
    row: 15,
    subject: update,
    body: { component_id: "a", new_component_ref: "missing:1", host_id: "H" },
    reply: yes("component a updating from R3 to missing:1"),
    inventory: a(6, "R3", {}),
  },
  {
    row: 16,
    subject: scale,
    body: { component_id: "z", component_ref: "missing", count: 1, host_id: "H" },
    reply: yes(),
    after: [
      [
        "component_scale_failed",
        {
          component_id: "z",
          max_instances: 1,
          image_ref: "missing",
          error:
            "failed to fetch component: failed to fetch component under OCI reference `missing`: failed to fetch OCI path: failed to fetch OCI bytes: Registry error: url https://index.docker.io/v2/missing/manifests/latest, envelope: OCI API errors: [OCI API error: manifest unknown]",
        },
      ],
    ],
  },
  {
    row: 17,
    subject: scale,
    body: { component_id: "a", max_instances: 9, component_ref: "R3" },
    reply: yes(),
    after: [scaled(0, "R3")],
    inventory: { components: [] },
  },
  {
    row: 18,
    subject: scale,
    body: { component_id: "a", count: 0, component_ref: "R9", host_id: "H" },
    reply: yes(),
    after: [scaled(0, "R9", { host_id: "H" })],
  },
  {
    row: 19,
    subject: scale,
    body: { component_id: "a", count: 1, config: null },
    reply: no("failed to deserialize component scale command"),
  },
  {
    row: 20,
    subject: scale,
    body: { component_id: "a", component_ref: "R1", count: 1, config: ["nope"] },
    reply: yes(),
    after: [
      [
        "component_scale_failed",
        { component_id: "a", error: "Unable to fetch requested config: Config nope does not exist" },
      ],
    ],
  },
  { row: 52, subject: "component.frobnicate.H", body: {}, reply: no("unsupported subject") },
];

describe("components (wasmcloud-control Appendix B)", () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await startTestBench();
  });
  afterAll(() => bench.close());

  it("row 4: bids where the constraints fit, with the reference as ID", async () => {
    const body = { component_ref: "R1", component_id: "a", constraints: { zone: "eu-1" } };
    const { actual, expected } = await runVector(bench.probe, bench.host.id, {
      row: 4,
      subject: "component.auction",
      body,
      reply: { success: true, message: "", response: { ...bid, host_id: bench.host.id } },
    });
    expect(actual).toMatchObject(expected);
  });

  it.each(vectors)("row $row: $subject", async (vector) => {
    const { actual, expected } = await runVector(bench.probe, bench.host.id, vector);
    expect(actual).toMatchObject(expected);
  });
});

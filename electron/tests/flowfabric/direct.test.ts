import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OperationName } from "../../../shared/catalogue.ts";
import { FlowfabricUnderTest } from "../../testing/flowfabric.ts";

let here: FlowfabricUnderTest;

beforeEach(async () => {
  here = await FlowfabricUnderTest.start();
});
afterEach(() => here.close());

const expired = "flowfabric.leases.expired";

describe("a connection that leads to Valkey only", () => {
  beforeEach(() => here.connect("http"));

  test("lists stuck work by the leases that ran out, longest first, and nothing that is worked on or revoked", async () => {
    const before = await here.output(expired);
    expect(before).toMatchObject({ partitions: 256, partitionsFrom: "valkey", problems: [], cut: false });
    expect(before.rows).toHaveLength(3);
    const { id } = (await here.system.obey({ do: "orphan" })) as { id: string };
    const { rows } = await here.output(expired);
    expect(rows).toHaveLength(4);
    expect(rows.at(-1)).toMatchObject({ executionId: id, partition: Number(/\d+/.exec(id)?.[0]) });
    const times = rows.map(({ expiredAt }) => expiredAt);
    expect(times).toEqual([...times].sort());
    expect(Date.parse(times.at(-1) ?? "")).toBeLessThanOrEqual(Date.now());
  });

  test("gives every page something to show, and says of the rest that it takes a server", async () => {
    for (const name of [
      "flowfabric.health",
      "flowfabric.budgets.list",
      "flowfabric.partitions.list",
    ] as const)
      await here.output(name);
    const needServer: OperationName[] = ["flowfabric.executions.list", "flowfabric.waitpoints.scan"];
    for (const name of needServer)
      expect(await here.failure(name)).toMatchObject({
        code: "conflict",
        message: expect.stringContaining("leads to Valkey only"),
      });
  });
});

test("a server alone cannot list leases, which is said", async () => {
  await here.connect("valkey");
  expect(await here.failure(expired)).toMatchObject({
    code: "conflict",
    message: expect.stringContaining("no Valkey address"),
  });
});

import { expect, test } from "vitest";
import { hostA, hostB } from "../testing/lattice-test-bed.ts";
import type { ControlClient } from "./control-client.ts";
import { controlReader } from "./lattice-reader.ts";
import { readInventory } from "./replies.ts";

/** A client to which every host answers with this inventory. */
function answering(inventory: object): ControlClient {
  const raw = { components: [], providers: [], ...inventory };
  const reply = { success: true, message: "", response: readInventory(raw), raw };
  return { getHostInventory: async () => reply } as unknown as ControlClient;
}

test("an inventory counts for the host that it names", async () => {
  await expect(controlReader(answering({ host_id: hostA })).inventory(hostA)).resolves.toMatchObject({
    inventory: { hostId: hostA },
  });
});

test.each([{ host_id: hostB }, { host_id: "" }, { host_id: null }, {}])(
  "an inventory with %j is nobody's word on another host",
  async (named) => {
    await expect(controlReader(answering(named)).inventory(hostA)).rejects.toMatchObject({
      code: "upstream_invalid",
      message: "The inventory that came back belongs to another host.",
    });
  },
);

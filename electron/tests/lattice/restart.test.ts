import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SimulatedHost } from "../../../playground/lattice/lattice-host.ts";
import { ConsoleUnderTest } from "../../testing/console-files.ts";

const newImage = "registry.example.test/shop/other:9.0.0";
const missing = "registry.example.test/missing:2";

let here: ConsoleUnderTest;
let host: SimulatedHost;

beforeEach(async () => {
  here = await ConsoleUnderTest.start({ waits: { warmMs: 600, coldMs: 1_500, lookMs: 200 } });
  await here.follow();
  host = here.host("1.9.2");
});
afterEach(() => here.close());

async function someComponent(on = host) {
  const row = (await here.output("lattice.components.list")).find(({ hostId }) => hostId === on.id);
  if (!row) throw new Error("nothing runs there");
  return { row, place: { hostId: on.id, componentId: row.id } };
}

describe("a stop and start", () => {
  it("changes the image, keeps the rest, and is verified", async () => {
    const { row, place } = await someComponent();
    const params = { ...place, imageReference: newImage };
    const activity = await here.settles("lattice.components.restart", params, "verified");
    expect(activity.title).toBe(`Stop and start ${row.id} from shop/other:9.0.0`);
    expect(activity.request?.payload).toMatchObject({ count: row.maxInstances, component_ref: newImage });
    expect(host.context.state.components.get(row.id)).toMatchObject({
      reference: newImage,
      count: row.maxInstances,
      annotations: row.annotations,
    });
  });

  it("is previewed with what is lost meanwhile, and takes annotations with the same count", async () => {
    const { place } = await someComponent();
    const params = { ...place, annotations: { team: "other" } };
    const preview = await here.output("lattice.components.preview-restart", params);
    expect(preview.warnings.join()).toMatch(/Between the stop and the start it does not run on this host/);
    expect(preview.fields.map(({ effect }) => effect)).not.toContain("ignored");
    await here.settles("lattice.components.restart", params, "verified");
    expect(host.context.state.components.get(place.componentId)?.annotations).toEqual({ team: "other" });
  });

  it("whose start fails says that it was stopped", async () => {
    const { place } = await someComponent();
    const params = { ...place, imageReference: missing };
    const activity = await here.settles("lattice.components.restart", params, "failed");
    expect(activity.message).toMatch(
      /^It was stopped, and does not run on this host now\. .*failed to fetch component/,
    );
    expect(host.context.state.components.has(place.componentId)).toBe(false);
  });

  it("does not send the start where the stop has not ended it", async () => {
    const { place, row } = await someComponent();
    host.faults.add({ kind: "scaleDelay", milliseconds: 5_000 });
    const params = { ...place, imageReference: newImage };
    const { failure, activity } = await here.leftBehind("lattice.components.restart", params);
    expect(failure.message).toMatch(/was told to stop and still runs on .* the start was not sent/);
    expect(activity.state).toBe("unknown");
    expect(host.context.state.components.get(row.id)?.reference).toBe(row.imageReference);
  });

  it("that the host cannot begin is refused, and nothing was changed", async () => {
    const { place, row } = await someComponent();
    host.faults.add({ kind: "policyDenial", reason: "night freeze" });
    const { failure, activity } = await here.leftBehind("lattice.components.restart", place);
    expect(failure.message).toMatch(/could not be stopped: .*night freeze/);
    expect(activity.state).toBe("refused");
    expect(host.context.state.components.get(row.id)?.reference).toBe(row.imageReference);
  });

  it("of what does not run there is refused before anything is sent", async () => {
    const params = { hostId: host.id, componentId: "nobody" };
    const { failure, activity } = await here.leftBehind("lattice.components.restart", params);
    expect(failure).toMatchObject({ code: "conflict", hint: expect.stringMatching(/Start it there/) });
    expect(activity.state).toBe("failed");
  });

  it("of what was updated before stays confirmed: the code from before goes on", async () => {
    const { place } = await someComponent();
    await here.settles("lattice.components.update", { ...place, imageReference: newImage }, "confirmed");
    const { id } = await here.settles("lattice.components.restart", place, "confirmed");
    await vi.waitFor(async () =>
      expect((await here.activity(id)).message).toMatch(/may go on answering until the host is restarted/),
    );
  });

  it("on a host that announces no failed start tells by a reading that it does not run", async () => {
    const old = here.host("1.0.4");
    const { place } = await someComponent(old);
    const params = { ...place, imageReference: missing };
    const activity = await here.settles("lattice.components.restart", params, "unknown");
    expect(activity.message).toMatch(/^It was stopped and does not run on .* announces hardly any failure/);
  });
});

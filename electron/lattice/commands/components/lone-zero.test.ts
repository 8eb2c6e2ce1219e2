import { describe, expect, it } from "vitest";
import { type LatticeMessage, latticeMessages } from "../../../../recordings/recordings.ts";
import { decodeEvent } from "../../events/decode-event.ts";
import { recordedComponent } from "../../testing/recorded-components.ts";
import { LoneZero } from "./lone-zero.ts";
import { isScaled, type ScaledEvent } from "./update-pairs.ts";

const at = "2026-11-29T00:00:00.000Z";
const messages = latticeMessages("1.0.0");

function scaledEvent(message: LatticeMessage, componentId: string): ScaledEvent[] {
  if (message.kind !== "event") return [];
  const event = decodeEvent(message.subject, Buffer.from(JSON.stringify(message.body)), "wasmbus.evt");
  return isScaled(event) && event.componentId === componentId ? [event] : [];
}

describe("the zero of 1.0.0 after a change of configs alone", () => {
  const running = recordedComponent("1.0.0", "z", ({ imageReference }) =>
    imageReference.endsWith("demo2.wasm"),
  );
  const place = { hostId: running.hostId, componentId: running.id };
  // The recording keeps one of like events: this one came of z's image in the place of that after its change of configs.
  const said = messages
    .flatMap((each) => scaledEvent(each, running.id))
    .find(
      ({ maxInstances, imageReference }) => maxInstances === 0 && imageReference === running.imageReference,
    ) as ScaledEvent;

  it("proves with a reading that the configs were taken", () => {
    const zero = new LoneZero(place, running);
    expect(zero.isIn(said)).toBe(true);
    expect(zero.finding(running, at)).toMatchObject({ verdict: "confirmed" });
    expect(zero.isProven).toBe(true);
  });

  it("proves nothing where the component is gone, or was changed otherwise", () => {
    const zero = new LoneZero(place, running);
    expect(zero.finding(undefined, at)).toBeUndefined();
    expect(zero.finding({ ...running, maxInstances: 1 }, at)).toBeUndefined();
    expect(zero.finding({ ...running, imageReference: "other" }, at)).toBeUndefined();
    expect(zero.isProven).toBe(false);
  });

  it("is not the one after a count, which ends a resize", () => {
    const zero = new LoneZero(place, running);
    const resize = messages.flatMap((each) => scaledEvent(each, "v"));
    const count = resize.findIndex(
      ({ maxInstances }, index) => maxInstances > 0 && resize[index + 1]?.maxInstances === 0,
    );
    const [first, second] = resize.slice(count).map((event) => ({ ...event, ...asOf(place) }));
    expect([first && zero.isIn(first), second && zero.isIn(second)]).toEqual([false, false]);
  });
});

function asOf({ hostId, componentId }: { hostId: string; componentId: string }) {
  return { source: hostId, componentId };
}
